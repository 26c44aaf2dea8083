"""What “script/bench phone” is made of: one file for each thing that is measured."""
