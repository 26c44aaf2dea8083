"""Pure decisions about claims: dataclasses in, answer out; time is passed in."""
