"""The built-in application: a person's tasks, and an assistant that looks after them."""
