// A heading with the words comes before a page that holds them; then lessons and the glossary come first, and solutions last.
var Scorer = {
  objNameMatch: 11, objPartialMatch: 6, objPrio: {0: 15, 1: 5, 2: -5}, objPrioDefault: 0,
  title: 15, partialTitle: 7, term: 5, partialTerm: 2,
  score: ([page, title, anchor, descr, score, file, kind]) => {
    const later = {solutions: 4, exercises: 2, reference: 1, library: 1}[page.split('/')[0]] ?? 0
    return (kind === 'title' ? 2*score : score) - later
  },
}
