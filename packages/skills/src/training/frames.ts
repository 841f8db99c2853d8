/**
 * The ways in which people put a request, whatever it is about. A skill names its verbs and objects once; the frames make the
 * sentences, so that "I'd like node-03 drained" is understood for every tool and not for the one that somebody thought of.
 */
export interface ChangeFrame {
  /** Imperatives: "drain", "clear out". */
  verbs: string
  /** Past participles: "drained", "cleared out". */
  done: string
  /** Gerunds: "draining". */
  doing: string
  /** What it is done to, as templates: "{node}". */
  objects: string
  /** What may stand behind: "to {node2}"; empty is allowed. */
  more?: string | undefined
}

const choice = (list: string): string => {
  const parts = list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join('|')})`
}

/** People say why; for every tool alike, so that no reason speaks for one of them. */
const REASON =
  "(a technician comes tomorrow|we have a demo at noon|it costs too much|the customer is waiting|i'm leaving in ten minutes|there's a launch tonight|my boss wants it|we talked about it yesterday|it's been like this since this morning|nobody else is here|the team decided so|i promised it)"

/** Sentences that ask for a change. */
export function changeTemplates(frame: ChangeFrame): string[] {
  const [verb, done, doing, object] = [frame.verbs, frame.done, frame.doing, frame.objects].map(choice)
  const more =
    frame.more === undefined
      ? ''
      : ` (${frame.more
          .split(',')
          .map((part) => part.trim())
          .join('|')}|)`
  return [
    `${verb} ${object}${more}`,
    `(please|kindly|quickly|just) ${verb} ${object}${more} (now|today|please|asap|)`,
    `(i'd like|i want|i need|we want|we need|i would love) ${object} ${done}${more}`,
    `${object} (needs to be|should be|must be|has to be|ought to be|is to be) ${done}${more}`,
    `(get|have) ${object} ${done}${more}`,
    `(time to|it's time to|let's|we should|we have to|i have to|we need to|i'd like to|go ahead and) ${verb} ${object}${more}`,
    `${object}: ${verb} (it|)${more}`,
    `${object}, (please|can you|could you|just) ${verb} it${more}`,
    `(as for|regarding|about|concerning) ${object}, (please|) ${verb} it${more}`,
    `(can|could|may) ${object} be ${done}${more}`,
    `(would you mind|mind|how about|what about) ${doing} ${object}${more}`,
    `(make sure|see to it|arrange) that ${object} (is|gets) ${done}${more}`,
    `(someone|somebody|the team|my boss) (wants|asked) (me |us |) to ${verb} ${object}${more}, can you do that`,
    `${REASON}, (so|therefore|that's why|) (please|can you|could you|) ${verb} ${object}${more}`,
    `${verb} ${object}${more}, ${REASON}`,
    `${verb} ${object}${more} (because|since|as) ${REASON}`,
    `${object} (please|now), ${verb}${more}`,
    `(so|well|hey|ok|right), (i think|i guess|looks like) (we|i) (should|have to|need to) ${verb} ${object}${more}`,
  ].map((template) => template.replace(/\s+/g, ' ').trim())
}

/** Sentences that ask to see something, from the ways of naming it: "the free gpus", "what nobody uses". */
export function lookTemplates(about: string): string[] {
  const thing = choice(about)
  return [
    `${thing}`,
    `${thing} please`,
    `(show|give|get|fetch) me ${thing}`,
    `(i'd like|i want|i need|let me) (to see|to know|see) ${thing}`,
    `(can|could) (i|we) (see|get|have a look at) ${thing}`,
    `(tell me|what about|how about|any news on|what's up with) ${thing}`,
    `(quick question|sorry|hey|hi), ${thing}`,
    `(pull up|bring up|look up|check|list) ${thing} (for me|please|right now|)`,
    `(i'm|i am) (curious about|interested in|looking for|wondering about) ${thing}`,
    `${thing}, (any idea|do you know|can you tell)`,
    `(i wonder|my colleague asks|just checking|could you find out|can you find out|do you know): ${thing}`,
    `${REASON}, (so|) (can i see|show me|what about) ${thing}`,
    `(before the meeting|my boss asks|for the record|just to be sure): ${thing}`,
  ].map((template) => template.replace(/\s+/g, ' ').trim())
}
