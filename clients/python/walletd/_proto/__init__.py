"""Generated code; see generate.sh."""
