import { stem } from './words'

/**
 * Words that mean the same in this domain. A concept is a feature beside the words themselves, so that
 * "evacuate", which an example used, also teaches "vacate", which none did.
 * Entries are words in any form; an entry with blanks is words that stand close together in that order.
 */
const LEXICON: Readonly<Record<string, string>> = {
  move: 'shift over,hand over,rehome,reassign,hop,move,moving,migrate,migration,relocate,relocation,shift,transfer,transferred,hop,rehome,transplant,reassign,rebalance,reposition,carry over,switch over,bring over,send over,get out,swap,displace',
  drain:
    'get everything off,get all off,free up machine,prepare maintenance,take everything off,drain,drained,draining,evacuate,evacuation,empty,emptied,emptying,vacate,vacated,evict,offload,depopulate,clear out,empty out,clear off,get off,kick off node,bleed out',
  maintenance:
    'maintenance,service window,repair,repaired,technician,psu,fan,power down,reboot node,swap card,hardware guys,servicing,upgrade ram',
  cordon:
    'unschedulable,no new,nothing new,closed,keep away,block,cordon,cordoned,cordoning,unschedulable,fence,fenced,noschedule,no schedule,off limits,ringfence,seal,bar,barred,taint',
  newwork:
    'new jobs,new work,new workloads,anything new,nothing new,new placements,more jobs,additional workloads,further workloads,new job',
  uncordon:
    'schedulable,unblock,use again,back service,takes jobs,available again,uncordon,uncordoned,reactivate,readmit,unblock,unquarantine,schedulable,unfence,reenable,rejoin,reinstate,undrain,reopen,back online,back service,back rotation,back pool,again schedulable,lift cordon,lift block',
  isolate:
    'put aside,set aside,retire,bench,keep off,keep away,exclude card,no jobs,isolate,isolated,isolation,sideline,bench,mask,ban,quarantine,quarantined,blacklist,fence off,lock out,retire,set aside',
  stop: 'scancel,cease,quit,finish off,pull plug,switch off,turn off,stop,stopped,kill,killed,terminate,terminated,halt,end,ended,abort,cease,quit,shutdown,shut down,shut off,turn off,switch off,wind down,bring down,take down,pull plug,scrap,spin down,finish now,halted',
  pause:
    'pause,paused,hold,holding,freeze,frozen rollout,hold off,suspend,suspended,put hold,wait,park,interrupt,refrain,stay,keep at',
  del: 'delete,deleted,del,rm,remove,removed,removal,destroy,erase,erased,purge,wipe,wiped,drop,nuke,trash,discard,get rid,tear down,clean up,clear up,clean out,bin,decommission,prune,throw away,throw out,sweep,dispose,eliminate',
  start:
    'start,started,starting,launch,kick off,begin,spin up,fire up,boot up,fire off,bring up,commence,initiate,initiating,spawn,trigger,get going,underway,fire',
  run: 'run,running,execute,executed,executing,process,exec,crunch,invoke,chew,perform',
  deploy:
    'deploy,deployed,deployment,serve,serving,served,host,hosted,hosting,stand up,put up,set up,provision,install,go live,online,bring live,make available,get behind,publish model,put production',
  inferencew:
    'inference,endpoint,api,chatbot,completion,embeddings,embedding,transcription,openai,http,served,vllm,zzruntime,webservice,llm',
  train:
    'train,trained,training,finetune,finetuned,finetuning,finetunes,tune,tuned,tuning,sft,lora,qlora,pretrain,pretraining,teach,dpo,rlhf,retrain,learn,learning,adapt,adapted,adapter,distill,customise,customize,deepspeed,torchrun,fsdp,epochs,epoch',
  data: 'dataset,datasets,data,corpus,examples,documents,tickets,transcripts,reviews,conversations,jsonl,notes,recordings,samples',
  trainjob: 'experiment,experiments,training,finetune,epoch',
  show: 'show,list,display,print,see,view,enumerate,give,bring up,pull up,dump,get,fetch,provide,ls,inform,read,output,overview,name',
  check:
    'check,inspect,examine,look,verify,look into,test,diagnose,diagnosis,diagnostic,diagnostics,debug,troubleshoot,probe,scan,analyse,analyze,dig',
  why: 'why,reason,cause,caused,how come,root cause,explain',
  restart:
    'revive,kickstart,restart,restarted,restarting,reboot,rebooted,bounce,relaunch,respawn,reload,recycle,power cycle,cycle,reset,redeploy,start over,start again,restarts,kick,fresh start',
  resume: 'resume,resumed,resuming,continue,continued,unpause,pick up,carry on,unsuspend,unfreeze,go on,wake up,revive',
  retry:
    'retry,retried,rerun,redo,repeat,try again,run again,another attempt,another go,one more,another try,another shot,reexecute,have another,once more,give another',
  again: 'again,once more,anew,another',
  failedpart: 'failed,failure,failures,failing,crashed,broke,unsuccessful,did not succeed',
  scaleup:
    'scale up,scale out,more,increase,increased,bump,grow,bigger,raise,boost,expand,add,additional,extra,double,doubled,triple,upscale,beef,ramp,crank,upsize,third copy',
  scaledown:
    'scale down,scale in,less,reduce,decrease,fewer,shrink,lower,cut,smaller,trim,downscale,dial,downsize,halve,scale back,knock down,go down',
  scale: 'scale,scaled,scaling,resize,size',
  overload:
    'overloaded,hammered,swamped,busy,traffic spike,demand,cope,keep up,slow under,users waiting,overprovisioned',
  auto: 'autoscale,autoscaling,autoscaler,auto,automatic,automatically,itself,dynamic,dynamically,elastic,hpa,autopilot,on own,by itself,its own,depending,adapt demand,themselves,own',
  limits: 'minimum,maximum,min,max,at least,at most,ceiling,cap,between',
  replica: 'replica,replicas,instance,instances,copy,copies,pod,pods,clone',
  service: 'service,services,endpoint,endpoints,api,server,deployment,backend,model server,webservice',
  job: 'job,jobs,workload,workloads,task,tasks,run,runs,process,workflow,training,trainings,zzname',
  batch:
    'batch,batches,etl,preprocess,preprocessing,script,pipeline,parallel,bulk,zzjob,shards,shard,conversion,tokenize,dedup',
  everynode:
    'every node,all nodes,each node,all machines,every machine,each machine,everywhere,whole fleet,whole cluster,every box,each box,across fleet,across nodes,over nodes,all zznode',
  node: 'node,nodes,machine,machines,host machine,box,boxes,server,servers,zznode,hardware,hosts',
  gpu: 'gpu,gpus,card,cards,zzgputype,accelerator,accelerators,graphic,graphics,vram,device,devices',
  fleet:
    'rack,racks,park,lab,fleet,cluster,farm,infrastructure,infra,datacenter,everything,system,estat,estate,setup,data center',
  health:
    'reachable,pulse,wellbeing,nutshell,broken,health,healthy,status,state,condition,overview,ok,okay,fine,alright,good shape,green,healthcheck,shape,vital,well,sound',
  attention: 'attention,worry,concern,know about,look first,should know,boss,shift,night,morning,survive',
  problem:
    'problem,problems,issue,issues,wrong,broken,trouble,fault,faulty,degraded,bad,anomaly,concern,weird,odd,strange,funny,defective,sick,suspicious,unusual',
  stuck:
    'stuck,hang,hangs,hanging,hung,frozen,unresponsive,stall,stalled,deadlock,no progress,wedged,freeze,not progressing,not moved,same step,not moving',
  crash:
    'crash,crashed,crashes,crashing,die,died,dies,dying,dead,outage,crashloop,panic,segfault,exited,fell over,blew,oom,disappear,disappeared,vanish,vanished,unreachable,fall over,drop out,gone dark,went dark,killed,keel',
  down: 'down,offline,unreachable,unavailable,dark,gone',
  errors:
    'blip,glitch,hiccup,flaky,garbage,502s,500s,503s,5xx,error,errors,exception,xid,nccl,cuda,timeout,timeouts,time out,5xx,500,502,503,504,404,oom,out memory,connection refused,runtimeerror,illegal',
  slow: 'slow,slower,sluggish,lag,lagging,lags,laggy,underperform,underperforming,half speed,throttle,throttled,throttling,crawl,crawls,drag,behind others,low clocks,behind',
  hot: 'hot,hotter,hottest,temperature,temperatures,overheat,overheating,overheats,heat,thermal,warm,degrees,cool,cooling,celsius,fan,cold',
  metricw: 'utilization,usage,load,memory,power,clock,clocks,watt,draw',
  ecc: 'ecc,memory errors,remap,remapped,remapping,uncorrectable,uncorrected,corrected,uncorrectables,nvlink,pcie',
  incident:
    'incident,incidents,outage,root cause,postmortem,investigate,investigation,rca,went wrong,happened,happen,go wrong,triage,going on,gives',
  cron: 'cron,crontab,schedule,scheduled,scheduling,recurring,periodic,periodically,hourly,daily,nightly,weekly,every,zzsched,regular,regularly,routine,timer,interval,intervals,repeat,repeating,frequency',
  checkpoint:
    'checkpoint,checkpoints,checkpointing,checkpointed,ckpt,ckpts,snapshot,save state,saved,state saved,back up,backup,backups,persist,persisted,weights',
  snap: 'snap,snapshot,snapshots,copy,restore point,point time',
  alert:
    'alert,alerts,alerted,notify,notified,notification,alarm,alarms,warn,warning,page,ping,let know,pagerduty,heads up,buzz,poke,shout,inform,tell me,message me',
  conditional: 'when,whenever,if,as soon,once,unless,in case,should',
  alertlist:
    'fire,firing,fires,pager,paged,siren,beeping,alerts,alarms,warnings,fired,ringing,triggered,beep,raised,went off',
  report: 'report,reports,summary,digest,overview,writeup,recap,numbers,findings,statistics',
  send: 'send,email,mail,share,post,forward,deliver,publish,slack,drop,dm,pass along,hand,mailed,mailing,inbox,distribute',
  log: 'grep,log,logs,stdout,stderr,tail,output,traceback,dmesg,journal,journalctl,console,syslog,stack trace,lines,printed,print,wrote,spit',
  queue: 'line,backlog,waits,queue,queued,pending,wait,waiting,backlog,in line,not starting,get scheduled',
  free: 'spare,leftover,unclaimed,free,idle,available,unused,spare,unallocated,unoccupied,vacant,open,left,sitting,doing nothing,unreserved',
  fit: 'fit,fits,fitting,enough,room,capacity,require,required,requires,need,needed,suffice,sufficient,accommodate,squeeze,vram,possible,feasible,headroom,swallow,enough memory,out reach',
  model: 'model,models,zzmodel,zzsize,llm,weights,parameters',
  expose:
    'urls,publish,published,answer at,listen,point to,everyone,expose,exposed,public,publicly,ingress,route,routes,reachable,internet,outside,external,externally,url,hostname,domain,accessible,tls,https,dns,address,reach',
  private: 'private,internal,unexpose,lock down',
  sell: 'sell,selling,rent out,rent them,rent cluster,lease,lease out,offer,offered,list,loan,lend,monetize,put market,make money,earn money,hire out,sublet,gain money,listing,for rent,third parties,others',
  buy: 'bid,bids,buy,book,purchase,accept,take,grab,order,reserve,snap,secure,go with,win,choose,pick',
  rent: 'rent,rental,rentals,renting,rented,borrow,lease,leased,leases,leasing,hire',
  market: 'molt,market,marketplace,offer,offers,provider,zzprovider,listing,listings,spot,auction,vendor,seller,zzid',
  search:
    'find,search,look for,cheap,cheapest,any offers,hunt,shop,source,where can,compare offers,look around,browse,affordable,available',
  price: 'price,prices,pricing,zzmoney,dollar,dollars,cent,cents,rate,usd,buck,bucks,per hour,quote',
  earn: 'earn,earned,earning,earnings,revenue,profit,profits,profitable,income,payout,money,made,lucrative,worth,worthwhile,balance',
  cost: 'cost,costs,spend,spent,spending,bill,budget,expense,expenses,expensive,pay,paid,charge,invoice,waste,wasted,burn,burned,expenditure',
  waste:
    'waste,wasted,wasting,underused,underutilized,unused,idle,overprovisioned,rightsize,barely,nobody uses,not used',
  canary:
    'canary,canaries,gradual,gradually,safe,safely,careful,carefully,step step,progressive,rolling,blue green,slowly,cautious,cautiously,phased,staged,bit bit,small share,first users,without anyone',
  rollout:
    'rollout,release,released,update,updated,upgrade,upgraded,ship,shipped,roll out,version,zzver,push,new version,launch version',
  traffic: 'traffic,requests,request,load,qps,rps,users,demand,percent',
  promote:
    'promote,promoted,promotion,next step,advance,advancing,full traffic,finish rollout,graduate,complete,all traffic,next stage,following step,everybody,everyone',
  rollback:
    'reinstate,reinstated,undo release,rollback,roll back,revert,reverted,undo,go back,previous,old version,restore,restored,back out,backout,downgrade,last good,prior,previously,before version,old one,back zzver',
  secret:
    'secret,secrets,credential,credentials,token,tokens,password,passwords,api key,key,keys,passphrase,certificate,zzkey,vault',
  rotate: 'rotate,rotated,rotation,renew,refresh,regenerate,reissue,compromised,leaked,expired,fresh',
  store: 'create,store,add,save,set,register,put,make,keep,deposit',
  user: 'student,students,intern,interns,coworker,teammates,colleagues,auditor,user,users,member,members,colleague,teammate,person,people,account,zzemail,someone,employee,contractor,everybody',
  role: 'role,roles,admin,admins,owner,viewer,operator,approver,permission,permissions,right,rights,privilege',
  invite: 'invite,invitation,onboard,add member,add user,access,grant',
  revoke: 'revoke,revoked,invalidate,withdraw,take away,deactivate',
  audit: 'audit,who,login,logins,sign in,signed in,logged in,trail,compliance,access log,activity',
  plan: 'plan,plans,approve,approved,approval,approvals,proposal,proposals,propose,action,actions,change,changes,history,requests,sign off,awaiting,decision,inbox,permission to',
  bypass: 'bypass,skip,without,ignore,disable,circumvent,override,never ask,no approval,force,disregard,pretend',
  volume: 'volume,volumes,vol,vols,disk,disks,storage,pvc,mount,mounted,filesystem,zzvolume,space,df',
  config:
    'config,configuration,configure,env,variable,environment,zzkey,flag,parameter,setting,settings,option,context length,max len',
  label: 'label,labels,labelled,tag,tags,tagged,annotate,mark',
  heal: 'heal,healing,selfheal,recover,recovery,autorestart,autoheal,keep alive,resilient,failover,watchdog,come back',
  compare: 'compare,compared,comparison,versus,vs,difference,differ,against,side side,better than',
  status:
    'status,progress,eta,doing,going,coming along,far,converging,alive,finish,finished,done,loss,step,when will,news',
  perf: 'latency,p99,p95,throughput,error rate,response time,ttft,tokens,rps',
  time: 'long,eta,finish,remaining,how long',
  how: 'how',
  greet: 'hello,hi,hey,morning,evening,afternoon,greetings,yo,hiya,howdi,howdy,sup',
  thanks: 'thanks,thank,cheers,bye,goodbye',
  help: 'help,guide,tutorial,get started,instructions,capable,capabilities,documentation,docs,manual,commands,command,features,functions,skills',
  new: 'new,latest,newest,updated,next,fresh',
  instead: 'instead,rather,but with,but use,but on,make it,change it,switch it,swap,except,only,different',
  maintain: 'maintenance',
  affirm: 'yes,yep,yeah,yup,sure,ok,okay,approve,confirm,go ahead,proceed,lgtm,absolutely',
  deny: 'no,nope,nah,reject,cancel,never mind,nevermind,decline,not now,forget it,leave it',
  chitchat:
    'weather,joke,poem,story,movie,music,song,cook,recipe,hotel,flight,restaurant,football,soccer,vacation,dinner,lunch,breakfast,birthday,president,capital,stock,bitcoin,novel,essay,horoscope,lottery,dog,cat,translate,homework,math,reminder,calendar,pizza,coffee,wife,husband,girlfriend,boyfriend,doctor,lawyer,cake,sushi,dentist,python,javascript',
  unclear: 'thing,stuff,something,whatever,magic',
}

const SINGLE = new Map<string, string[]>()
const PHRASES = new Map<string, { rest: readonly string[]; concept: string }[]>()
for (const [concept, entries] of Object.entries(LEXICON)) {
  for (const entry of entries.split(',')) {
    const [first, ...rest] = entry.split(' ').map(stem)
    if (first === undefined) continue
    if (rest.length > 0) PHRASES.set(first, [...(PHRASES.get(first) ?? []), { rest, concept }])
    else if (!(SINGLE.get(first) ?? []).includes(concept)) SINGLE.set(first, [...(SINGLE.get(first) ?? []), concept])
  }
}

/** How many words may stand between two words of a phrase: "get it off", "put them on hold". */
const REACH = 3

/** The concepts of each position of a stemmed sentence; a phrase counts at its first word. */
export function conceptsOf(stems: readonly string[]): string[][] {
  return stems.map((word, i) => {
    const here = [...(SINGLE.get(word) ?? [])]
    for (const { rest, concept } of PHRASES.get(word) ?? [])
      if (!here.includes(concept) && follows(stems, i, rest)) here.push(concept)
    return here
  })
}

function follows(stems: readonly string[], from: number, rest: readonly string[]): boolean {
  let at = from
  for (const word of rest) {
    const next = stems.slice(at + 1, at + 1 + REACH).indexOf(word)
    if (next < 0) return false
    at += next + 1
  }
  return true
}

export function conceptStems(): string[] {
  return [...SINGLE.keys()]
}
