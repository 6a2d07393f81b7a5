"""Where everything is kept. The only SQL of the house."""
