"""The HTTP edge shared by all features: pages, partials, headers, filters, pagination."""
