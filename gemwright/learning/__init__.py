"""What all trainings share: determinism, device, checkpoints."""
