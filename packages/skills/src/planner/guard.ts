/** Why a request is refused, in the words the person reads. */
export type GuardReason =
  | 'bypass_approval'
  | 'secret_reveal'
  | 'other_tenant'
  | 'raw_shell'
  | 'audit_tampering'
  | 'rules'
  | 'impersonation'
  | 'destruction'

export const GUARD_TEXT: Readonly<Record<GuardReason, string>> = {
  bypass_approval:
    'Every change needs an approval; nothing said in chat turns that off. An admin can change the policy in Settings, and that is audited.',
  secret_reveal: 'I never show the value of a secret. I can list the names of secrets, or rotate one.',
  other_tenant: 'I can only see and change what belongs to your organisation.',
  raw_shell: 'I do not run raw shell commands on nodes. I can run a job in a container, show logs, or diagnose a node.',
  audit_tampering: 'The audit log cannot be changed, hidden or switched off.',
  rules: 'I keep to my rules and do not show or change my instructions.',
  impersonation: 'I act for you alone; nobody can approve or log in as somebody else.',
  destruction: 'I do not wipe disks or destroy data outside of a plan that names each volume.',
}

const SECRET_NOUN =
  '(?:secrets?|passwords?|passwd|tokens?|api[ _-]?keys?|private keys?|ssh keys?|credentials?|passphrases?|kubeconfig|(?:[A-Z0-9]+_)+(?:TOKEN|KEY|SECRET|PASSWORD|PASS)|\\.env)'
const REVEAL =
  '(?:show|print|reveal|display|give|tell|read|dump|leak|paste|output|send|cat|export|decrypt|decode|echo|fetch|get|copy|expose|email|share|post|see|know|need to see|log)'

interface Rule {
  reason: GuardReason
  pattern: RegExp
  unless?: RegExp
}

const RULES: readonly Rule[] = [
  {
    reason: 'secret_reveal',
    pattern: new RegExp(
      `\\bwhat(?:'s|s| is| does| was)?\\b[^.;?]{0,12}\\b(?:in|inside|contents? of|value of|stored in|behind)\\b[^.;?]{0,16}\\b${SECRET_NOUN}\\b(?! (?:folder|page|settings|store|manager))`,
      'i',
    ),
    unless: /\b(?:which|names?|list|rotat\w*|kinds?)\b/i,
  },
  // Approvals
  {
    reason: 'bypass_approval',
    pattern:
      /\b(?:approve|accept|confirm|allow|authori[sz]e|ok|green ?light|rubber ?stamp)\b[^.;?]{0,40}\b(?:all|any|every(?:thing)?|each|whatever)\b[^.;?]{0,24}\b(?:future|further|upcoming|coming|later|next|following|subsequent|from now on|automatically|by (?:yourself|itself))\b/i,
    unless: /\b(?:who|what|which|why|how)\b/i,
  },
  {
    reason: 'bypass_approval',
    pattern:
      /\b(?:skip|bypass|circumvent|avoid|evade|ignore|override|overrule|get around|work around|sidestep|suppress|forgo|drop|omit|waive)\b[^.;]{0,30}\b(?:approvals?|approving|confirm(?:ation|ations|ing)?|sign[- ]?off|consent|plan card|permission checks?|polic(?:y|ies)|guard ?rails?|safety|safeguards?|spending limit|review step)\b/i,
    unless: /\b(?:who|why (?:did|was)|did anyone|has anyone|when)\b/i,
  },
  {
    reason: 'bypass_approval',
    pattern:
      /\b(?:don'?t|do not|never|stop|quit)\b (?:ever )?(?:bother(?:ing)?|annoy(?:ing)?|pester(?:ing)?|nag(?:ging)?)\b[^.;]{0,20}\b(?:approvals?|confirmations?|plans?|cards?|asking)\b/i,
  },
  {
    reason: 'bypass_approval',
    pattern:
      /\b(?:turn|switch|shut) off\b[^.;]{0,20}\b(?:approvals?|confirmations?|safety|guard ?rails?|polic(?:y|ies))\b|\b(?:turn|switch) (?:the )?(?:approvals?|confirmations?|safety checks?|guard ?rails?)(?: \w+)? off\b|\b(?:disable|remove|deactivate|kill|stop|end|abolish|lift)\b[^.;]{0,20}\b(?:approvals?|approval (?:step|gate|flow|requirement)|confirmations?|safety checks?|guard ?rails?)\b(?! (?:plan|for plan))/i,
    unless: /\b(?:who|why (?:did|was)|when|cancel)\b/i,
  },
  {
    reason: 'bypass_approval',
    pattern:
      /\bwithout (?:waiting for |needing |getting |seeking |any |my |an? |further |the |first |your |even )*(?:approvals?|asking|confirmation|confirming|consent|permission|sign[- ]?off|plan|card|prompting|checking with (?:me|anyone)|review)\b/i,
    unless:
      /\b(?:receive|get|have|see|send me)\b[^.;]{0,30}\b(?:report|summary|state|status|digest|numbers|overview|updates?)\b[^.;]{0,40}\bwithout (?:me )?(?:having to ask|asking)\b|^(?:what|why|how|is|are|did|does|was|were|who|can (?:you|anyone|somebody|members?|operators?|users?|people))\b[^?]*\?$|^(?:can|could|will|would) (?:anyone|somebody|members?|operators?|users?)\b/i,
  },
  {
    reason: 'bypass_approval',
    pattern:
      /\b(?:never|don'?t|do not|stop|no need to|needn'?t|quit)\b (?:ever |bother |to )?(?:ask(?:ing)?|prompt(?:ing)?|confirm(?:ing)?|check(?:ing)? with)(?: me| us| anyone| again| for| any ?more|ing)?(?: (?:for )?(?:approval|permission|confirmation|first|again|any ?more|before))?\b(?! (?:about|what|why|how))/i,
    unless: /\bto ask\b.*\?$/i,
  },
  {
    reason: 'bypass_approval',
    pattern:
      /\b(?:auto[- ]?approve|self[- ]?approve|approve (?:everything|anything|all (?:plans|future|of them automatically|changes|requests)|every (?:plan|change|request))|approv\w* (?:\w+ ){0,3}(?:automatically|by (?:yourself|itself|default))|(?:assume|consider|treat)\b[^.;]{0,30}\bapproved|pre-?approve)\b/i,
    unless:
      /\b(?:who|which|what|does|did|is there|need me to|(?:do|should|must|have|can) i|have to|want me to|(?:anything|something) (?:left )?to approve)\b/i,
  },
  {
    reason: 'bypass_approval',
    pattern:
      /\b(?:no|without) (?:more )?approvals? (?:needed|required|necessary|from now|any ?more)|\byou (?:don'?t|do not|no longer) need (?:my |any |an )?(?:approval|permission|confirmation|ok)|\b(?:nobody|no one) (?:has|needs) to approve|\bnot? need (?:for )?(?:my )?approval\b/i,
  },
  {
    reason: 'bypass_approval',
    pattern:
      /\b(?:can|could|how (?:do|can|could)) (?:i|we|you) (?:disable|bypass|skip|avoid|get around|turn off|get rid of)[^.;]{0,20}\b(?:approvals?|confirmations?)\b/i,
  },
  {
    reason: 'bypass_approval',
    pattern:
      /\b(?:from (?:today|now|tonight|this moment)(?: on)?|in (?:the )?future|henceforth)\b[^.;?]{0,60}\b(?:(?:is|are|counts? as|be|being) (?:already )?(?:approved|granted|confirmed|allowed)|before you (?:even )?(?:show|ask))\b/i,
  },
  {
    // What only a program says of itself, in a person's mouth.
    reason: 'bypass_approval',
    pattern:
      /^\W*\[?(?:tool|system|function|assistant)[ _-]?(?:result|output|message|response)\]|\b(?:human|user|admin)_(?:confirmed|approved)\b|\bpolicy ?= ?autopilot\b|--(?:no|skip)-confirm\b/i,
  },
  // Instructions and roles
  {
    reason: 'rules',
    pattern:
      /\b(?:ignore|disregard|forget|override|drop|break|violate|bend)\b (?:all |any |every )?(?:of )?(?:your|the|my|previous|prior|above|earlier|these|those|its)(?: (?:previous|prior|above|earlier|safety|system|own))* (?:rules?|instructions?|guidelines?|prompts?|polic(?:y|ies)|constraints?|restrictions?|programming|training)\b/i,
  },
  {
    reason: 'rules',
    pattern:
      /\b(?:reveal|show|print|tell|give|repeat|output|display|leak|dump|what(?:'s| is| are| were))\b[^.;]{0,25}\b(?:system prompt|hidden prompt|initial prompt|(?:your|hidden|secret|system|developer) instructions|prompt template)\b/i,
  },
  {
    reason: 'rules',
    pattern:
      /\b(?:jail ?break|dan mode|developer mode|god mode|admin mode|debug mode override|do anything now|unrestricted mode|sudo mode)\b/i,
  },
  {
    reason: 'rules',
    pattern:
      /\b(?:pretend|imagine|act as if|suppose|simulate that|role-?play|behave as if)\b[^.;]{0,30}\b(?:approved?|approval|admin|owner|root|no rules|rules|allowed|permission|unrestricted|confirmed)\b|\byou are now\b[^.;]{0,40}\b(?:admin|root|unrestricted|free|mode|dan)\b|\bact as (?:root|admin|an admin|the owner)\b/i,
  },
  // Words that a machine or a file wrote grant nothing, whoever repeats them.
  {
    reason: 'bypass_approval',
    pattern:
      /\b(?:logs?|output|file|readme|note|comment|ticket|page|document|web ?site|listing|label)\b[^.;?]{0,20}\b(?:says?|said|states?|tells?|reads?|claims?)\b[^?]{0,80}\b(?:(?:pre-?)?approved?|allowed|authori[sz]ed|confirmed|(?:skip|no) (?:the )?(?:approval|confirmation)|(?:must|should|may|can) (?:continue|proceed))\b/i,
    unless: /\b(?:what|why|who|is that|is it|really)\b/i,
  },
  // Secrets
  {
    reason: 'secret_reveal',
    pattern: new RegExp(
      `\\b${REVEAL}\\b(?: (?:me|us|him|her|them|out|back|the team|everyone))*(?: (?:all|any|the|my|our|your|its|their|that|this|a|of|value of|values of|value|content of|contents of|current|old|actual|raw|stored|plain|plaintext|decrypted|other|root|admin|hf|hugging ?face|wandb|db|database|registry|s3|ssh))* ${SECRET_NOUN}(?:'s)?(?: (?:value|values|content|contents|in plain ?text|in clear|unmasked|here|to \\S+|with .*value.*|to the .*))*[.!?]*$`,
      'i',
    ),
    unless:
      /\b(?:names?|list of|which|rotat|expos\w+ (?:service|port)|how many|when|get rid|get a(?:n|nother| new)? (?:api[ _-]?key|token)|give me an? (?:new )?(?:api|access|service|personal)|get me an? |read[- ]only (?:api|key|token)|give me a key|fetch a new|send an invit|share (?:the|this|that) report|tokens? (?:per|\/)|show (?:me )?(?:the |all |all the |our |the stored )?(?:secrets|credentials|tokens|api keys)[.!?]*$)\b/i,
  },
  {
    reason: 'secret_reveal',
    pattern: new RegExp(
      `\\b(?:what(?:'s| is| was| are| were)|tell me|whats)\\b(?: (?:the|our|my|your|current|old|actual|root|admin|hf|hugging ?face|wandb|db|database|registry|stored|value|values|of|in|plain|s3|ssh|behind|inside|for))* ${SECRET_NOUN}(?: (?:for|of|to|on|value|again|called|named)\\b[^?]{0,40})?[?!.]*$`,
      'i',
    ),
    unless: /\b(?:names?|tokens? per|age|status)\b/i,
  },
  {
    reason: 'secret_reveal',
    pattern: new RegExp(
      `\\b(?:value|contents?|plain ?text|clear ?text|unmasked|decrypted)\\b[^.;]{0,25}\\b${SECRET_NOUN}|\\b${SECRET_NOUN}\\b[^.;]{0,20}\\b(?:in plain ?text|in clear ?text|unmasked|decrypted|values?)\\b`,
      'i',
    ),
    unless:
      /\b(?:new value|set (?:a|the) value|put a|rotate|replace|names only|without (?:the |their )?values?|no values?|not the values?)\b/i,
  },
  {
    reason: 'secret_reveal',
    pattern:
      /\b(?:send|email|mail|export|upload|exfiltrate|download)\b[^.;]{0,20}\b(?:all )?(?:the |our )?(?:secrets|credentials|tokens|passwords|private keys)\b/i,
  },
  // Tenancy
  {
    reason: 'other_tenant',
    pattern:
      /\b(?:another|other|different|all(?: the)?|someone else'?s?|somebody else'?s?|foreign|neighbou?r(?:ing)?|competing|rival)(?:'s)? (?:tenants?|organi[sz]ations?|orgs?|compan(?:y|ies)|customers?|clients?|accounts?|workspaces?)\b/i,
    unless: /\b(?:report|share|invite|sell|rent|offer|expose|let (?:customers|clients|other customers))\b/i,
  },
  {
    reason: 'other_tenant',
    pattern:
      /\b(?:tenant|org(?:ani[sz]ation)?|workspace) (?:b|2|two|x|42|acme|[a-z]+corp)(?:'s)?\b|\b(?:competitor|rival)'?s? (?:jobs?|data|logs?|workloads?|models?|nodes?|secrets?)\b|\bcross[- ]tenant\b/i,
    unless: /\bhow|create|rename\b/i,
  },
  {
    reason: 'other_tenant',
    pattern:
      /\b[\w&-]+ (?:corp|inc|gmbh|ltd|llc|plc)\b\.?(?:'s)?[^.;]{0,30}\b(?:cluster|fleet|nodes?|jobs?|gpus?|workloads?|data|logs?|models?|machines?|bill|costs?|running|runs?|secrets?)\b/i,
    unless: /\b(?:we|us|our|report|share|invite|sell|rent|lease|offers?|bid|book|buy|provider|market|expose|molt)\b/i,
  },
  {
    reason: 'other_tenant',
    pattern:
      /\btenant (?!is\b|are\b|isolation\b)[\w-]{3,}\b[^.;]{0,40}\b(?:has|have|runs?|deployed|uses?|owns?|theirs?)\b/i,
    unless: /\b(?:our|own|we|us|isolat\w+)\b/i,
  },
  // Shells
  {
    reason: 'raw_shell',
    pattern:
      /\b(?:open|start|give|get|spawn|drop|launch|need|want|attach|log ?in|connect)\b[^.;]{0,25}\b(?:shell|terminal|bash|tty|root (?:console|prompt|access)|ssh(?: access| session| into)?|command line|console on)\b(?! script| job)/i,
    unless: /\b(?:train|batch|script|\.sh)\b/i,
  },
  {
    reason: 'raw_shell',
    pattern:
      /\bssh (?:in ?to|to|on|onto|me|root@|\w+@)|\bssh\b[^.;]{0,12}\bnode|\bexec(?:ute)? (?:in ?to|inside|-it|a shell)\b|\b(?:log|sign) ?in(?:to| to| on)? (?:the )?(?:node|machine|host|box|server)\b|\bshell (?:on|into|in|access)\b|\bkubectl exec\b|\bdocker exec\b/i,
  },
  {
    reason: 'raw_shell',
    pattern:
      /\brm -[a-z]*[rf]|\bsudo\b|\bmkfs\b|\bdd if=|\/etc\/(?:shadow|passwd)|\bcurl\b[^|;]{0,200}\|\s*(?:ba|z)?sh|\bwget\b[^|;]{0,200}\|\s*(?:ba)?sh|\bchmod 777|:\(\)\s*\{|\bfork ?bomb|\bnc -[a-z]*[le]|reverse shell|\bkill -9\b|\bdrop (?:all )?(?:the )?(?:tables?|database)\b|\b(?:dump|drop|truncate|wipe|query|alter) (?:the |our |all )?(?:database|db|tables?|postgres)\b|\b(?:run|execute) (?:this |some |raw |arbitrary )?(?:sql|shell|code|bash -c|commands? as root|a?n? ?arbitrary)\b|\bas root\b/i,
  },
  // Audit
  {
    reason: 'audit_tampering',
    pattern:
      /\b(?:delete|erase|clear|wipe|remove|purge|edit|alter|modify|tamper|falsify|rewrite|backdate|hide|scrub|truncate|disable|deactivate|stop|turn off|switch off|suppress|pause|forge|clean)\b[^.;]{0,30}\b(?:audit(?:ing| logs?| trails?| entr(?:y|ies)| events?| records?| history)?|event log|action (?:log|history)|change history|activity log|log of (?:changes|actions))\b/i,
    unless: /\b(?:who|when|why|did (?:any|some))\b/i,
  },
  {
    reason: 'audit_tampering',
    pattern:
      /\b(?:don'?t|do not|never) (?:log|record|audit|track|write down) (?:this|that|it|what|my|anything)\b|\bwithout (?:leaving )?(?:a |any )?(?:trace|audit|record|logging)|\b(?:hide|keep) (?:this|that|it|my)[^.;]{0,25}(?:from|out of|off) (?:the )?(?:log|audit|record|history|admin|books|boss)|\boff the (?:record|books)\b|\bstop logging\b|\b(?:delete|erase|wipe|clear) (?:all )?(?:the )?logs\b(?! older)/i,
  },
  {
    reason: 'audit_tampering',
    pattern:
      /\b(?:turn|switch|shut) (?:the |our |your )?(?:audit(?:ing)?|audit (?:logs?|trail)|logging of (?:changes|actions))(?: \w+)? off\b/i,
  },
  // Other people
  {
    reason: 'impersonation',
    pattern:
      /\b(?:log ?in|sign ?in|approve|act|impersonat\w*|pose)\b[^.;]{0,15}\bas (?!soon|many|well|planned|(?:a |an )?(?:backup|canary|proposed|quickly|possible|usual|described|is))[a-z]+\b(?=[^a-z]|$)(?<!\bas (?:it|is|the|a|an))|\bin (?:[a-z]+'s|somebody else's|someone else's|the name of) (?:name|account)\b|\buse [a-z]+'s (?:account|login|session|credentials|token|password)\b|\bimpersonate\b/i,
    unless: /\bdid\b/i,
  },
  {
    reason: 'destruction',
    pattern:
      /\b(?:wipe|format|destroy|erase|shred|zero out|reformat)\b[^.;]{0,25}\b(?:all (?:the |our )?data|disks?|hard (?:drives?|disks?)|drives?|filesystems?|everything on)\b(?! volumes?)/i,
    unless: /\b(?:volume)\b/i,
  },
  {
    reason: 'rules',
    pattern:
      /\b(?:mine|mining) (?:some |for )?(?:bitcoin|crypto|monero|ethereum|coins?)\b|\b(?:ddos|hack(?:ing)? (?:in ?to|the|a|node)|exploit the|brute ?force|steal (?:the|their|model|some))\b|\bspy on\b/i,
  },
  {
    reason: 'bypass_approval',
    pattern:
      /\b(?:disable|turn off|switch off|remove) (?:the )?(?:authentication|auth|login|security|rbac|access control|firewall|all permissions)\b|\b(?:make|give) (?:everyone|everybody|anyone) (?:an? )?(?:root|admin|owner)/i,
  },
]

/** The first rule that a sentence breaks, or undefined. This is policy for a clear answer; safety lives in the executor. */
export function guard(text: string): GuardReason | undefined {
  for (const rule of RULES) {
    if (rule.pattern.test(text) && !(rule.unless?.test(text) ?? false)) return rule.reason
  }
  return undefined
}
