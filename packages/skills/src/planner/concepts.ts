/**
 * Words that mean the same in this domain. A concept is a feature beside the words themselves, so that
 * "evacuate", which an example used, also teaches "vacate", which none did.
 * Entries are stems (see stem()); an entry with a blank is a pair of neighbouring stems.
 */
const LEXICON: Readonly<Record<string, string>> = {
  move: 'move,migrat,relocat,shift,transfer,hop,reloc,rehom,transplant,reassign,rebalanc,relocate,carry over,switch over',
  drain: 'drain,evacuat,empti,empty,vacat,evict,offload,depopulat,clear out,empty out,clear off',
  cordon: 'cordon,unschedul,fence,block,quarantin,ringfenc,seal,lock',
  uncordon: 'uncordon,reactivat,readmit,unblock,unquarantin,schedulable,unfence,reenabl,rejoin,reinstat,un cordon',
  isolate: 'isolat,sideline,bench,mask,ban,exclud',
  stop: 'stop,kill,termin,terminat,halt,end,abort,ceas,quit,suspend,shutdown,shut down,shut off,turn off,switch off,power down,wind down,bring down,take down,pull plug,pul,scrap,stopp,spin down',
  pause: 'paus,hold,freez,hold off,suspend,put hold,halt',
  del: 'delet,remov,destroy,eras,purg,wip,drop,nuke,trash,discard,get rid,tear down,clean up,clear up,clean out,bin,decommission,prune',
  start: 'start,launch,kick off,begin,spin up,fire up,boot up,fire off,bring up,commenc,initiat,spawn,trigger',
  run: 'run,execut,process,exec,crunch,invok',
  deploy: 'deploy,serv,host,stand up,roll out,put up,set up,provision,instal,go live,onlin,hostin,spin up,bring up,make availabl',
  train: 'train,finetun,tun,sft,lora,qlora,pretrain,teach,dpo,rlhf,fit,retrain,posttrain,instruct tun,continu pretrain',
  trainjob: 'train,run,experi,experiment,finetun,job,epoch',
  show: 'show,list,display,print,see,view,enumer,enumerat,give,bring up,pull up,lis,dump,get,fetch',
  tell: 'tell,describ,explain,summar,summariz,overview,summari,recap,rundown,brief',
  check: 'check,inspect,examin,look,verifi,look into,test,diagnos,diagnost,debug,troubleshoot,probe,scan',
  why: 'why,reason,caus,how come,what caus,root caus,explain',
  restart: 'restart,reboot,bounc,relaunch,respawn,reload,recycl,power cycl,cycl,reset,re start,turn off on',
  resume: 'resum,continu,unpaus,pick up,carry on,proceed checkpoint,unsuspend,unfreez',
  retry: 'retri,retry,rerun,redo,repeat,try again,run again,re run,re try,another attempt,another go,one more time,give another',
  again: 'again,once more,anew,another',
  scaleup: 'scale up,scale out,more,increas,bump,grow,bigger,rais,boost,expand,add,additional,extra,doubl,tripl,upscal,beef up,ramp up,crank,upsiz',
  scaledown: 'scale down,scale in,less,reduc,decreas,fewer,shrink,lower,cut,smaller,trim,downscal,dial back,downsiz,halv,scale back',
  scale: 'scale,resiz,scal,size',
  auto: 'autoscal,auto,automat,automatical,autom,itself,dynam,dynamical,elastic,hpa,autopilot,on own,depend load',
  replica: 'replica,instanc,copi,copy,pod,worker replica,clone',
  service: 'servic,endpoint,api,server,deploy,infer,backend,model server,webservic,inference server',
  job: 'job,workload,task,run,train,experi,experiment,process,workflow',
  batch: 'batch,etl,preprocess,script,pipelin,parallel,mapreduc,bulk',
  zzjob: 'zzjob',
  node: 'node,machin,host,box,server,zznode,hardwar',
  gpu: 'gpu,card,zzgputype,accelerat,acceler,zzidx,graphic,vram,cuda devic',
  fleet: 'fleet,cluster,farm,infrastructur,infra,data center,datacent,everyth,system,estat,setup',
  health: 'health,healthi,status,state,condit,overview,ok,okay,fine,alright,good shape,report,well,green,healthcheck,how look,vital,shape',
  problem: 'problem,issu,wrong,broken,trouble,error,fault,fail,failur,degrad,bad,anomali,concern,worri,fire,weird,off,odd,strange,funni',
  stuck: 'stuck,hang,hung,frozen,unrespons,not respond,stall,deadlock,idl,no progress,not progress,wedg,jam,freez',
  crash: 'crash,die,dead,down,outag,crashloop,panic,segfault,abort,kill oom,exit,fell over,blew up,blow up,oom,disappear,vanish,unreach,fall over,drop out',
  errors: 'error,except,traceback,xid,nccl,cuda,timeout,time out,5xx,500,502,503,504,404,oom,out memori,stack trace,connect refus',
  slow: 'slow,sluggish,lag,laggi,underperform,speed,half speed,throttl,slower,crawl,degrad,drag,sluggishli,low clock',
  hot: 'hot,temperatur,overheat,temp,heat,thermal,warm,degre,cool,celsius,toast,burn,fan',
  ecc: 'ecc,memori error,bit,remap,uncorrect,retir page,row remap',
  incident: 'incident,outag,root caus,postmortem,investig,investigat,rca,went wrong,happen,go wrong,triag',
  cron: 'cron,schedul,recur,period,period,crontab,hour,daili,night,week,everi,zzsched,regular,routin,timer,automat everi',
  checkpoint: 'checkpoint,ckpt,snapshot,save state,save model,back up,backup,model state,save',
  alert: 'alert,notifi,notif,notify,warn,alarm,page,ping,let know,pagerduti,heads up,buzz,messag when',
  alertlist: 'alert,alarm,warn,fire,activ alarm',
  report: 'report,summari,digest,overview,health report,writeup,write up,recap',
  send: 'send,email,mail,share,post,forward,deliv,publish,slack,drop,dm,pass along,cc,hand,tell team',
  log: 'log,stdout,stderr,tail,output,traceback,dmesg,journal,consol,syslog,kernel log,stack trace,print',
  queue: 'queue,pend,wait,backlog,queu,in line',
  free: 'free,idl,availabl,unus,spare,unalloc,unoccupi,unalloc,vacant,empti,open,left',
  fit: 'fit,enough,room,capac,requir,need,suffici,handl,accommod,squeez,hold,vram,possibl run',
  model: 'model,zzmodel,zzsize,llm,checkpoint,weight',
  expose: 'expos,public,ingress,rout,reachabl,internet,outsid,extern,url,hostnam,domain,accessibl,tls,open world,publicli,dn',
  private: 'privat,intern,lock down,close off,unexpos',
  sell: 'sell,rent out,leas,offer,list,loan out,rent,lend,monet,monetiz,put market,make money,earn,hire out,sublet,put rent,advertis',
  buy: 'bid,buy,book,purchas,accept,take,grab,order,rent,reserv,snap up,secur,lock in,go with,win',
  market: 'molt,market,marketplac,offer,rental,provider,zzprovider,leas,listing,spot,auction,vendor,seller',
  search: 'find,search,look for,cheap,cheapest,ani offer,hunt,shop,sourc,where can,compar offer,look around,need,want,get',
  price: 'price,zzmoney,dollar,cent,cost,rate,usd,buck,per hour',
  earn: 'earn,revenu,profit,incom,payout,made,make,worth,profitabl,payback,proceed',
  cost: 'cost,spend,spent,bill,budget,expens,pay,paid,charg,invoic,money,wast,burn,how much,pric,expenditur,price tag',
  waste: 'wast,underus,underutil,unus,idl,overprovis,rightsiz,under util',
  canary: 'canari,canary,gradual,safe,careful,step step,progress,roll updat,blue green,traffic,percent traffic,rollout,slowli,cautious,phase,stage,bit bit,small share',
  rollout: 'rollout,releas,updat,upgrad,ship,roll out,version,zzver,push,publish,new version',
  promote: 'promot,next step,advanc,full traffic,finish rollout,zzpct,bump,graduat,complet rollout,all traffic',
  rollback: 'rollback,roll back,revert,undo,go back,previou version,old version,restor,back out,backout,downgrad,last good,prior version,previou',
  secret: 'secret,credenti,token,password,api key,key,passphras,cert,certif,zzkey,pat,hf token',
  rotate: 'rotat,renew,replac,refresh,roll key,regener,reissu,cycl',
  reveal: 'reveal,show,print,tell,what is,expos,leak,read,plaintext,decod,decrypt',
  store: 'creat,store,add,save,set,regist,put,make,keep',
  user: 'user,member,colleagu,teammat,person,peopl,account,zzemail,someon,team,employe,contractor',
  role: 'role,admin,owner,viewer,operator,approv,permiss,right,privileg',
  invite: 'invit,onboard,add member,add user,access',
  revoke: 'revok,invalid,invalidat,disabl,withdraw,take away,deactivat',
  audit: 'audit,who,login,sign in,trail,compliance,access log,activ log',
  plan: 'plan,approv,propos,action,chang,histori,request,sign off,await',
  approvals: 'approv,confirm,permiss,consent,ask,gate,sign off,review',
  bypass: 'bypass,skip,without,ignor,disabl,circumv,overrid,turn off,never ask,no approv,forc,dont ask',
  volume: 'volum,disk,storag,pvc,mount,filesystem,persist volum',
  config: 'config,env,variabl,set,zzkey,environ,flag,paramet,setting,option',
  label: 'label,tag,annot,mark',
  heal: 'self heal,heal,recover,auto restart,restart automat,respawn,keep aliv,restart polici,resili',
  traffic: 'traffic,request,load,qps,rps,user,demand,throughput',
  compare: 'compar,versu,vs,differ,against,side side,between',
  latency: 'latenc,p99,p95,throughput,error rate,respons time,ttft,token second,qps,rp',
  time: 'when,long,eta,finish,done,complet,remain,progress,far,percent done',
  how: 'how',
  greet: 'hello,hi,hey,morn,afternoon,even,greet,yo,hiya,howdi,sup',
  help: 'help,how do,what can,command,guid,tutori,get start,instruct,capabl,document',
  new: 'new,latest,newest,updat,next,fresh',
  instead: 'instead,rather,but with,but us,but on,make it,chang it,switch it,swap,except,only',
  affirm: 'yes,yep,yeah,yup,sure,ok,okay,approv,confirm,go ahead,proceed,lgtm,absolut,affirm,green light',
  deny: 'no,nope,nah,reject,cancel,never mind,nevermind,dont,declin,not now,forget it,leav it',
  chitchat: 'weather,joke,poem,stori,movi,music,song,cook,recip,hotel,flight,restaur,footbal,soccer,game,vacat,dinner,lunch,breakfast,birthday,president,capit,stock,bitcoin,crypto,novel,essay,horoscop,lotteri,dog,cat,translat,homework,math,alarm,remind,calendar,pizza,coffe,book flight,wife,husband,girlfriend,boyfriend,doctor,lawyer',
  unclear: 'thing,stuff,someth,whatev',
};

const SINGLE = new Map<string, string[]>();
const PAIR = new Map<string, string[]>();
for (const [concept, entries] of Object.entries(LEXICON)) {
  for (const entry of entries.split(',')) {
    const table = entry.includes(' ') ? PAIR : SINGLE;
    const list = table.get(entry) ?? [];
    if (!list.includes(concept)) list.push(concept);
    table.set(entry, list);
  }
}

/** The concepts of each position of a stemmed sentence; a pair counts at its first word. */
export function conceptsOf(stems: readonly string[]): string[][] {
  return stems.map((stem, i) => {
    const pair = PAIR.get(`${stem} ${stems[i + 1] ?? ''}`) ?? [];
    return [...(SINGLE.get(stem) ?? []), ...pair];
  });
}

export function conceptStems(): string[] {
  return [...SINGLE.keys()];
}
