"""HTML documents: article pages, prose, site rules, paging."""
