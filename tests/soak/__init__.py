"""Long trials of what must survive anything: kills at random moments, readers without pause, two runs at once.

`make soak` runs them whole. Each trial keeps its state in its folder, so it can be run in pieces:

    python -m tests.soak kills --folder DIR --count 20     # again with the same folder: 20 more
    python -m tests.soak publications --count 50
    python -m tests.soak readers --publications 50 --readers 8
    python -m tests.soak together
"""
