/** What is told of a thing that was just named, behind an order: "drain node-03, which is failing, by noon". */
const ASIDE =
  /(?<=^(?!(?:and |so |but )*(?:what|which|why|who|when|where|how|is|are|do|does|did|has|can|could|should)\b).*\bzz\w+) ?,? which (?:is|was|has|keeps|seems|looks|got|just|needs|runs|sits)\b[^,.;?]*(?=$|[.!,])/

/** The order without what is only told: the words of a reason must not speak for another request. */
export function withoutAside(delexicalised: string): string {
  return delexicalised.replace(ASIDE, '').replace(/\s+/g, ' ').trim()
}
