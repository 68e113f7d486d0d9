"""Gene deletion strategies, learned from known ones (DeepGDel), beside controls and rivals."""
