"""Our server and openai-chatkit's, side by side: the same model, the same people, the same clock."""
