// From a folder, a browser may not fetch the pages that the search found: their text beside the titles stays away.
if (location.protocol === 'file:') DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
