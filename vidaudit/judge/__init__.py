"""Evidence to verdicts: the rules, the catalogue that binds them to a profile, the engine. Never sees a video."""
