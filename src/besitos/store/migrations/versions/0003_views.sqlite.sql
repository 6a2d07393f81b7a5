-- Streaks as they stood after each member's last activity.
CREATE VIEW user_streaks AS
SELECT
    m.member_id AS member_id,
    s.key AS streak,
    s.value ->> 0 AS current_length,
    s.value ->> 1 AS longest_length
FROM members AS m, json_each(m.state, '$.standing.streaks') AS s;

-- The last time that each member did each mission, or is doing it.
CREATE VIEW user_missions AS
SELECT
    m.member_id AS member_id,
    substr(s.key, 9) AS mission,
    s.value ->> 'state' AS state,
    s.value ->> 'began_at' AS began_at,
    s.value ->> 'ends_at' AS ends_at,
    s.value ->> 'ended_at' AS ended_at,
    coalesce((SELECT c.value FROM json_each(m.state, '$.holdings.missions') AS c WHERE c.key = substr(s.key, 9)), 0)
        AS times_completed
FROM members AS m, json_each(m.state) AS s
WHERE s.key LIKE 'mission/%';

-- What each member can claim, has claimed or has let pass; what nobody has unlocked yet is not here.
CREATE VIEW user_rewards AS
SELECT
    m.member_id AS member_id,
    substr(s.key, 8) AS reward,
    coalesce(s.value ->> 'state', 'LOCKED') AS state,
    s.value ->> 'claim_by' AS claim_by,
    coalesce((SELECT c.value FROM json_each(m.state, '$.holdings.rewards') AS c WHERE c.key = substr(s.key, 8)), 0)
        AS times_claimed
FROM members AS m, json_each(m.state) AS s
WHERE s.key LIKE 'reward/%';

-- Badges, one row for each value of those that are kept per one.
CREATE VIEW user_achievements AS
SELECT
    r.member_id AS member_id,
    CASE WHEN instr(substr(r.scope, 7), '/') > 0
        THEN substr(substr(r.scope, 7), 1, instr(substr(r.scope, 7), '/') - 1)
        ELSE substr(r.scope, 7) END AS badge,
    CASE WHEN instr(substr(r.scope, 7), '/') > 0
        THEN substr(substr(r.scope, 7), instr(substr(r.scope, 7), '/') + 1) ELSE '' END AS value,
    r.body ->> 'at' AS earned_at,
    coalesce(r.body ->> 'how', 'earned') AS how,
    coalesce(r.body ->> 'is_revoked', 0) AS is_revoked
FROM rows AS r
WHERE r.scope >= 'badge/' AND r.scope < 'badge0';

CREATE VIEW user_module_progress AS
SELECT
    m.member_id AS member_id,
    s.key AS module,
    CASE WHEN s.value ->> 'completed_at' IS NOT NULL THEN 'Completed' ELSE 'InProgress' END AS state,
    s.value ->> 'started_at' AS started_at,
    s.value ->> 'completed_at' AS completed_at,
    coalesce(s.value ->> 'messages', 0) AS messages
FROM members AS m, json_each(m.state, '$.modules.of') AS s;

-- The conditions of the rewards in force: all of group 0 must hold, and of each other group one.
CREATE VIEW reward_conditions AS
WITH lines AS (
    SELECT
        d.key AS reward, l.key AS place, l.value AS line,
        l.value ->> 'any' IS NOT NULL AS is_group,
        sum(l.value ->> 'any' IS NOT NULL) OVER (PARTITION BY d.key ORDER BY l.key) AS number
    FROM definitions AS d, json_each(d.body, '$.if') AS l
    WHERE d.kind = 'reward' AND d.until IS NULL
)
SELECT reward, 0 AS group_number, line AS condition FROM lines WHERE NOT is_group
UNION ALL
SELECT reward, number, fact.value FROM lines, json_each(line, '$.any') AS fact WHERE is_group;
