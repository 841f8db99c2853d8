/** Server-sent events of a response, one after the other; comments are left out. */
export async function* eventStream(response: Response): AsyncGenerator<{ event: string; data: unknown }> {
  if (!response.body) return
  const decoder = new TextDecoder()
  let held = ''
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    held += decoder.decode(chunk, { stream: true })
    for (let end = held.indexOf('\n\n'); end >= 0; end = held.indexOf('\n\n')) {
      const fields = held.slice(0, end).split('\n')
      held = held.slice(end + 2)
      const of = (name: string) =>
        fields
          .filter((line) => line.startsWith(`${name}:`))
          .map((line) => line.slice(name.length + 1).trimStart())
          .join('\n')
      const data = of('data')
      if (data) yield { event: of('event') || 'message', data: JSON.parse(data) as unknown }
    }
  }
}
