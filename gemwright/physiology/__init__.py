"""How a model lives on a medium: growth, respiration, ATP, products, with oxygen and without."""
