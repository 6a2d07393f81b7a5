"""The commands, one module per noun. `besitos.apps.cli` loads a module when one of its commands is called."""
