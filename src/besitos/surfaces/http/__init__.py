"""The toolkit of the REST API: who may call, what a body may be, how an answer or a refusal reads.

No game logic: a mechanic's `http.py` reads a request, makes an activity of it and hands it to the engine.
"""
