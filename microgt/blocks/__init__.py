"""The parts of a transformer, one a file. Modules take built submodules by keyword and never see a configuration."""
