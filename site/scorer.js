// A heading, or a search word, comes before a page that holds the words; then lessons and the glossary come
// first, and solutions last. Of the library's names, those written as typed come first, and of these the functions before the methods.
var Scorer = {
  objNameMatch: 11, objPartialMatch: 6, objPrio: {0: 15, 1: 5, 2: -5}, objPrioDefault: 0,
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
  score: ([page, title, anchor, descr, score, file, kind]) => {
    const later = {solutions: 4, exercises: 2, reference: 1, library: 1}[page.split('/')[0]] ?? 0
    const weighed = {title: 2*score, index: score/2, object: score + Scorer.asTyped(title)}[kind] ?? score
    return weighed - later
  },
  asTyped: name => {
    const parts = name.split('.'), last = parts.at(-1)
    const typed = (new URLSearchParams(location.search).get('q') ?? '').split(/[^\w.]+/)
    const other = !typed.includes(last) && typed.some(word => word.toLowerCase() === last.toLowerCase())
    return 3 - parts.length - 12*other
  },
}
