"""Rules that change by decree, as dated data with their source and evidence tag."""
