"""What several pages use: language, links, jobs, models, coloured text, the gradient panel."""
