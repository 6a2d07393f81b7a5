-- Streaks as they stood after each member's last activity.
CREATE VIEW user_streaks AS
SELECT
    m.member_id,
    s.key AS streak,
    (s.value ->> 0)::bigint AS current_length,
    (s.value ->> 1)::bigint AS longest_length
FROM members AS m, json_each(m.state #> '{standing,streaks}') AS s;

-- The last time that each member did each mission, or is doing it.
CREATE VIEW user_missions AS
SELECT
    m.member_id,
    substr(s.key, 9) AS mission,
    s.value ->> 'state' AS state,
    (s.value ->> 'began_at')::timestamptz AS began_at,
    (s.value ->> 'ends_at')::timestamptz AS ends_at,
    (s.value ->> 'ended_at')::timestamptz AS ended_at,
    coalesce((m.state #>> ARRAY['holdings', 'missions', substr(s.key, 9)])::bigint, 0) AS times_completed
FROM members AS m, json_each(m.state) AS s
WHERE s.key LIKE 'mission/%';

-- What each member can claim, has claimed or has let pass; what nobody has unlocked yet is not here.
CREATE VIEW user_rewards AS
SELECT
    m.member_id,
    substr(s.key, 8) AS reward,
    coalesce(s.value ->> 'state', 'LOCKED') AS state,
    (s.value ->> 'claim_by')::timestamptz AS claim_by,
    coalesce((m.state #>> ARRAY['holdings', 'rewards', substr(s.key, 8)])::bigint, 0) AS times_claimed
FROM members AS m, json_each(m.state) AS s
WHERE s.key LIKE 'reward/%';

-- Badges, one row for each value of those that are kept per one.
CREATE VIEW user_achievements AS
SELECT
    r.member_id,
    split_part(substr(r.scope, 7), '/', 1) AS badge,
    substr(substr(r.scope, 7), length(split_part(substr(r.scope, 7), '/', 1)) + 2) AS value,
    (r.body ->> 'at')::timestamptz AS earned_at,
    coalesce(r.body ->> 'how', 'earned') AS how,
    coalesce((r.body ->> 'is_revoked')::boolean, false) AS is_revoked
FROM rows AS r
WHERE r.scope >= 'badge/' AND r.scope < 'badge0';

CREATE VIEW user_module_progress AS
SELECT
    m.member_id,
    s.key AS module,
    CASE WHEN s.value ->> 'completed_at' IS NOT NULL THEN 'Completed' ELSE 'InProgress' END AS state,
    (s.value ->> 'started_at')::timestamptz AS started_at,
    (s.value ->> 'completed_at')::timestamptz AS completed_at,
    coalesce((s.value ->> 'messages')::bigint, 0) AS messages
FROM members AS m, json_each(m.state #> '{modules,of}') AS s;

-- The conditions of the rewards in force: all of group 0 must hold, and of each other group one.
CREATE VIEW reward_conditions AS
WITH lines AS (
    SELECT
        d.key AS reward, l.line,
        l.line -> 'any' IS NOT NULL AS is_group,
        count(l.line -> 'any') OVER (PARTITION BY d.key ORDER BY l.place) AS number
    FROM definitions AS d, json_array_elements(d.body -> 'if') WITH ORDINALITY AS l (line, place)
    WHERE d.kind = 'reward' AND d.until IS NULL
)
SELECT reward, 0 AS group_number, line AS condition FROM lines WHERE NOT is_group
UNION ALL
SELECT reward, number, fact.value FROM lines, json_array_elements(line -> 'any') AS fact (value) WHERE is_group;
