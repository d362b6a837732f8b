"""What is going on, on a screen that keeps itself up to date: the registry's questions, asked again and again."""
