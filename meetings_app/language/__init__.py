"""Advisory prompts about words that put the blame on the child: found in what people write, and never in the way."""
