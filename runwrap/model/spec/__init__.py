"""How a pipeline's text is read: characters to words, words to tokens, and what is refused."""
