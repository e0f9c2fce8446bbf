// From a folder, a browser may not fetch the pages that the search found: their text beside the titles stays away.
if (location.protocol === 'file:') DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// Sphinx finds a heading, or a word from search_words.json, that holds all that was typed. Here it also finds those
// whose words are all among the typed ones and make at least half of them: "momentum schedule" finds "momentum".
const LITTLE = new Set(('a an and are as at be by can do does for from how i in is it me my of on or the this to was'
                        + ' what when where which while why with').split(' '));

function wordsOf(text) {
  const all = splitQuery(text.toLowerCase()), kept = all.filter(word => !LITTLE.has(word)), stemmer = new Stemmer();
  return [...new Set((kept.length ? kept : all).map(word => stemmer.stemWord(word)))];
}

function sharedPlaces(query) {
  const index = Search._index, typed = new Set(wordsOf(query)), found = [];
  const share = text => {
    const words = wordsOf(text);
    return words.length && words.every(word => typed.has(word)) ? words.length/typed.size : 0;
  };
  const add = (entries, best, kind) => {
    for (const [text, places] of Object.entries(entries)) {
      const part = share(text);
      if (part < .5) continue;
      for (const [file, id] of places)
        found.push([index.docnames[file], titleOf(file, text, id), id ? '#' + id : '', null, best*part,
                    index.filenames[file], kind]);
    }
  };
  add(index.alltitles, Scorer.title, SearchResultKind.title);
  add(index.indexentries, 99, SearchResultKind.index);
  found.forEach(place => { place[4] = Scorer.score(place); });
  return found;
}

const titleOf = (file, text, id) => id ? `${Search._index.titles[file]} > ${text}` : Search._index.titles[file];

// A search word leads to a heading, and says it.
function atHeading(place) {
  const [docname, , anchor] = place, id = anchor.slice(1), file = Search._index.docnames.indexOf(docname);
  if (place[6] !== SearchResultKind.index) return place;
  const heading = Object.entries(Search._index.alltitles)
    .find(([, places]) => places.some(([f, i]) => f === file && i === id));
  if (!heading && docname.startsWith('reference/')) return place;  // a name of the library
  place[1] = titleOf(file, heading?.[0], heading && id);
  place[2] = heading ? anchor : '';
  return place;
}

function foundPlaces(own, query) {
  const seen = new Set(), first = [...own, ...sharedPlaces(query)].map(atHeading).sort(_orderResultsByScoreThenName);
  return first.reverse().filter(([docname, title, anchor]) => {
    const place = `${docname} ${title} ${anchor}`;
    return !seen.has(place) && seen.add(place);
  }).reverse();
}

document.addEventListener('DOMContentLoaded', () => {
  if (typeof Search === 'undefined') return;
  const own = Search._performSearch;
  Search._performSearch = (query, ...more) => foundPlaces(own(query, ...more), query);
  const plain = Search.htmlToText;  // formulas of what was found, without the marks that MathJax reads
  Search.htmlToText = (...page) => plain(...page).replace(/\\[()[\]]/g, '');
});

// On a phone, the menus lie over the page: one that led to a place on the page closes, so that the place can be seen.
document.addEventListener('click', ({target}) => {
  const link = target.closest('dialog[open] a[href]');
  if (link && link.hash && link.pathname === location.pathname) link.closest('dialog').close();
});

// On a phone, a picture that was made smaller shows its own size when it is touched, and goes back when touched again.
document.addEventListener('click', ({target}) => {
  if (target.matches('.cell_output img') && (target.naturalWidth > target.width || target.matches('.large')))
    target.classList.toggle('large');
});
