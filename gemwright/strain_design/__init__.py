"""Gene deletion strategies for growth-coupled production, computed and judged by FBA."""
