"""Bad input: a catalogue of what raw files and rows can have wrong, and what becomes of each."""
