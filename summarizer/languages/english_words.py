"""Common English words, counted over news texts by tests/benchmarks/summaries/count_words.py."""

from summarizer.languages.language import split_words

# fmt: off
_IN_EVERY_TENTH_ARTICLE = split_words(
    """
    the and of to in on for that is with was from as it at by have this has an be said but not cnn are who he
    been after they one about also which had their his when were will we out more or all there up two time so
    what people some if no other year them would can than over first you new its like into last told years just
    now only could where while because being it's him do many any before then according most get even she back
    take those since our three her did state such down how my say well world report day against another these
    made may between still around make very way part during off through government says under old go know called
    much including found going both me next should country see took place week home think later work cnn's want
    same why life police long come us don't states left group contributed city president man national media case
    never news got few help came used family right went five united four high former might asked too own days
    need reported without good every international really times put something your officials that's security
    away saying statement whether public set look friday taken yet here seen march past recent working best
    month team things based give does second show far different several court known social once top though
    official men didn't lot minister end already authorities added tuesday number use members earlier however
    monday again night killed hours find thought chief support big great change wanted law others across within
    american having point early today school local ago young wednesday house death story among thing wrote
    person taking believe months children released become trying better until ever am call done started history
    doing little million given department behind rights must least important hit read name looking able action
    led comes face close video women making thursday always using doesn't each hard shot held information half
    outside director sunday office happened community possible political north fact woman six saturday clear
    often course leader real there's involved university play white area feel party along enough getting post
    less themselves attack lost together human died twitter military weeks friends following someone anything
    recently move despite he's investigation saw run keep continue can't side began inside job near control
    black himself issue foreign power wasn't south decision center th air likely full late line nothing sent
    soon gave stop star york everything further prime due small sure free accused arrested tried role war kind
    money shows worked co issues open questions force hope we're live they're anyone start company campaign
    special lead almost tell nearly incident officer idea
    """
)
_IN_EVERY_TWENTIETH = split_words(
    """
    order head general fight posted everyone process final immediately body question deal dead turned third
    whose talk lives son announced seven chance instead india member service washington act bring agency large
    leaders west cannot means actually strong difficult system key named killing created similar areas received
    congress series latest meeting makes comment stay problems ground father hospital building countries front
    evidence february short record anti met problem response expected matter turn decided federal health january
    perhaps leave reports mother words film car business charges july david bad heard hand happen failed win
    couldn't example either eight toward personal remains isn't groups ve forward release needed students forces
    reason love appeared student experience region reporters felt knew won spokesman let age claimed attacks
    future return moment care speaking details wife true career parents showed london senior serious morning
    justice try television fans else defense april august allegedly child available john legal major became word
    comments remain online leaving capital gone situation needs believed medical won't term facebook light
    understand tv include cases access follow september stand described event america common looked interview
    fire message main living shared isis policy opportunity whole executive efforts calling reach safety step
    previous ahead coming june running daughter minutes played single photos enforcement college current leading
    alleged helped obama especially project room claims services attorney rather sense sometimes you're ask
    followed officers although considered itself mind families pressure particularly charge hundreds website
    probably playing longer atlanta level violence road issued share development african exactly hands potential
    plan delhi changed actor election biggest included whom published search investigators happy society rest
    charged al adding organization largest wrong central growing cause provide spent quickly heart research
    private scene class allowed seems indian december california battle view murder picture street ensure
    concerned nine committee speech program page stage self apparently answer deputy secretary criminal fear
    critical speak result michael board global mean council reached thousands pay actions workers subject join
    moved administration movie born district press calls nation talking reality season maybe race showing entire
    british scheduled decades attention civil hear hold quite brought technology beyond miles middle crime
    couple friend mark paid presidential various claim effort concerns risk forced impact meanwhile food
    eventually allow education brother stopped bill border east popular grand request watch appears flight
    protect game form continued break proud responsibility written americans passed fighting currently cost
    create station what's seek plans relationship identified easy places position points events shooting
    journalist account victims bit november phone book seeking staff data spoke iraq red simply union islamic
    raised financial present wouldn't we've fall arrest terms water safe study meet previously condition town
    lack injured giving ways experts arrived alone weapons threat conference denied carrying character certain
    attempt highest schools attacked culture victory english worth fired truth yes majority huge individual
    european occurred economic ministry citizens don tweeted letter opposition terror numbers finally southern
    site poor older list asking built french hour plane country's network peace figure fellow weekend carried
    whatever county expressed conversation takes total admitted revealed photo waiting looks wearing returned
    sign training responsible usually image launched necessary winning germany per none ready signed parties
    myself sought protection critics caught placed expect focus feeling complete visit operation aircraft
    opinion challenge ran successful rules affiliate thank indeed people's planned institute kept evening re
    moving tough limited prevent ended gets millions wants florida aren't towards approach holding targeted feet
    russia october syria save date suspect goes works parts rs
    """
)
_IN_EVERY_FIFTIETH = split_words(
    """
    build believes boy provided helping ordered direct writing weren't victim deaths england seem pilot raise
    amid style agreed send dangerous protest army decade standards completely seeing caused consider treatment
    parliament significant putting martin begin china period kids train declined debate allegations related
    mention confirmed football fourth includes james supposed note arms russian population rule barack appear
    sort aware injuries female bodies reasons clearly talks directly twice non learn door strategy assault
    address track mission travel original watching focused documents broke freedom club modern paul industry
    crowd gun favorite flying dropped joined suffered eastern terrorist africa filed captured deep traffic
    records behavior fine crisis individuals leadership images girl missing land remember conflict treated
    struck committed residents keeping faces world's test brothers hearing companies democratic billion summer
    opened cut match higher armed possibility park haven't certainly northern multiple threatened managed minute
    ones changes vote wait prison nearby stood tweet stories violent upon lawyer supreme suggested western low
    centre affairs bank faced impossible fast pulled piece refused hurt movement happening measures success host
    los trial spread fly avoid served stars famous incidents continues husband email directed field finding
    amount check required joint walk voice space offered st physical identify thanks contact pm meant activities
    lose terrorism sea hollywood airport title ruled ongoing profile matters professor round league communities
    doubt cup noted angeles player guilty telling goal winner normal domestic fifth vice republican herself
    suicide respect democracy model internet reportedly progress sides troops economy girls bringing
    investigating influence mostly initial steve pass removed massive studies appeal doctors carry presence
    turns iran pro demand learned tom streets via ruling fbi prosecutors interest journalists accounts results
    finished hoping choice rival german intelligence ok brown emergency music struggle signs worse protests wish
    captain shortly judge beginning serve rise messages century com unclear addition offer dr guard richard
    afghanistan sharing discovered benjamin ability walking regional seat knows require cities throughout drive
    conducted push lines doctor threats practice fell magazine bottom claiming thomas professional below please
    responded seemed women's earth conditions muslim newspaper coalition systems trust kill effect mr beautiful
    cover ceo controversial feels laws militants afternoon seriously crew environment authority changing onto
    spot apart loved daily competition closed hotel planning teacher till sound estimated wake commission
    becoming island unknown imagine annual gathered activists thinking manager fully potentially teams france
    sports eyes connection blue wall surprise compared version nations beat drug blood founder determined camera
    express hopes independent heavy declared abuse range fighters status core candidate walked spokeswoman
    trouble expert cast rescue films unfortunately conduct politics rate mumbai guy convicted upcoming slow
    church facing lived village suspected citing here's damage powerful solution today's receive corruption
    agents sitting chairman relations acting god target sources fan highly simple alongside sister instagram
    male journey weather delay active designed repeatedly commitment value players concern enjoy figures
    accepted views smith king language decide crashed remained box baby tour agent source tied australia screen
    christian pretty racist agreement strike we'll path material starting reporter assistant jury communications
    serving robert religious george reaction commissioner pair author task eye opening setting super year's
    creating table texas ties analyst cameras ben foot square arab natural dozens runs recovered she's sexual
    supporters elections extreme sending soldiers who's crash difference involving broken involvement driving
    actual mass standing europe absolutely younger traveling hasn't pre willing uk operations married mentioned
    widely israeli israel negotiations relatively generation cars vehicles senate combat nor headed numerous
    unlike particular stands generally missed candidates above inspired he'd direction leg partners possibly
    driver greg deeply joining cooperation secret boys ultimately aviation review calm crimes videos additional
    contacted song headlines basis statements identity gov stated offensive argued challenges brand employees
    science informed pictures interesting draw determine criticism firm america's digital cold greater quality
    moments recovery traveled footage loss bombings bridge fair dark camp regime neither iranian retired
    surprised ordinary promised contract kumar picked wounded circumstances heads warned champions coach
    champion traditional straight extremely bound severe reading proper suspended clinton politicians wing
    religion shut gives approached supported grow terrorists actors attend cabinet nation's episode market type
    route text ideas organizations reporting experienced warning penalty shots watched museum meaning initially
    islamist respond de remote relatives double tells apartment produce nuclear drama asian location confirm
    sold bus vehicle journal pending sen otherwise homes dismissed decisions extra italian positions mid boston
    unless witness paper appearance originally increased muslims kingdom quick distance prepared struggled
    australian reserved laura tensions illegal attempts witnesses separate governments adds resources partner
    analysis division die accept deadly personally offering voters turning jobs sex immediate passengers
    airlines virginia girlfriend except funds alive raising feature perfect rural largely internal mayor sit
    remove singh surveillance positive brings thoughts notice drugs suffering tests understanding file mental
    shown coverage leads bjp discussion testimony options netanyahu facility happens worried let's confident
    associated accident exchange failure trade orders goals sport nature experiences dollars seconds snow
    chances spanish editor jim secure massachusetts games qaeda laid pain performance ambassador providing
    chapter plot buy tax projects completed property effective emotional republicans governor angry controversy
    truly dream oil san add gender detained publicly operating spark frequently discuss campus alliance singer
    aid credit fun specific affected standard green realized suspects realize linked treat polls covered
    regarding noticed greatest degree instance complaint attended association era extremists talked backed
    elements awareness entered tourism requested modi producing art chinese cash visitors fund visited emails
    jersey questioning lawyers announcement eric republic price familiar regularly threatening owner established
    suggests giant overall finish defeat teen tie britain river trip spring prominent civilians definitely
    testing producer ukraine consequences yourself resident reform university's ed prove cry protesters
    appropriate receiving documentary limits marriage blame shape tweets elsewhere speaker base radio approval
    peaceful legislation province energy fit dramatic floor pakistan chris returning coast cross plus mom roll
    increase advice requires display everybody faith agree protecting suggest pointed psychological botelho
    crucial navy activity city's cell touch platform unit wonder amazing worry personnel marked names hate
    jewish audience developing option bomb applied powers rich silence abandoned politically reputation ship
    mobile ll georgia average design paris interests acts obama's senator constitutional proof islam mohammed
    duty ahmed hashtag obviously earned wins vision joe spoken effectively wide drove flag winter putin vladimir
    alert contribute scott measure hospitals reduce poverty widespread larger fake terrible hitting they've
    minority reference recognized bush throw scale features produced primary celebrate explain discrimination
    wave sentenced jail propaganda intended becomes conservative politician pieces facts invited proposed listen
    aboard shocked color strength tragedy gas ball courts constitution assembly introduced racial survive animal
    danger destroyed communication honest plenty dad somebody sat banned escape nobody confidence tournament
    unlikely afraid referring cultural complex apology trained provides bigger extremist native transportation
    isolated ceremony ticket memorial click budget investigate gunmen dialogue busy meters searching debut
    htshowbiz registered lakh importance unique scientists block policies achieve recognize historic dubbed
    chose neighbors function fled bid engage controlled equally establish organized posts posting birthday
    answers write heading entirely cool they'll guys carolina plays losing sixth pushed testified uncomfortable
    prosecutor roles mile spend gen sees targets session veteran basic gap seeks capacity hero shares russia's
    specifically continuing territory article closely headquarters attempted counts seized bay abroad remaining
    enjoyed mistake unable ferguson reaching hillary resignation increasingly racism deny harm pledged notes
    welcome brian pledge worst proved sentence advance commander urged militant group's photographs representing
    prompted acknowledged crossed johnson et quoted totally resolution considering worldwide ban necessarily
    seemingly imposed hill strategic agencies corner tony link passing arm prayers rare buildings intention
    machine eat incredibly extended transport background owned dna celebration housing aim spirit closer lower
    warrant featured custody store rape outcome airline stone principal colleagues hadn't upset award wear grew
    discovery manner steps collected books memory beating entry regular didn pradesh bag formed opportunities
    holds sanctions favor neighboring offers starring shoot listed guess meetings khan card writer neck storm
    vast scored tim somewhat blow argue owners elected anna carlos hits advantage fought william innocent wilson
    hot fashion cleared wider landed technical safely quest abu civilian competitive tomorrow starts ali
    production ministers stability remarks effects alcohol chaos connected thinks rising adults lying paying
    accusations firing suburb handed lady context shouldn't stress easier intent pitch sean state's gay fears
    activist beijing expression legitimate documented elite gop folks row finance prior ex uses indicate theory
    zero employee jet allowing quarter rushed vulnerable ages breaking sight formal sun upper slightly longtime
    kremlin users stayed ill feelings barcelona improve korea crowds physically hair shock anniversary founded
    quit rounds battling units count increasing code wars patients childhood agenda viewers citizen unity urban
    insisted legacy oklahoma essential skills canada dressed germanwings rejected command easily bollywood
    actress sabha tech ancient begins rates
    """
)
# fmt: on
COMMONNESS = {  # 0 in every article, 1 in none; RARE of what is on no list
    **dict.fromkeys(_IN_EVERY_TENTH_ARTICLE, 0.27),
    **dict.fromkeys(_IN_EVERY_TWENTIETH, 0.40),
    **dict.fromkeys(_IN_EVERY_FIFTIETH, 0.52),
}
