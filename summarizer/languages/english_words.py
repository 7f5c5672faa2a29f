"""Common English words, counted over news texts by tests/benchmarks/summaries/count_words.py."""

from summarizer.languages.language import split_words

# fmt: off
_IN_EVERY_TENTH_ARTICLE = split_words(
    """
    the of and to in on for that is with was from as it at by have this an has be said but not cnn are who he
    been after they one about also which had their his when were will we out more or all there up two time so
    what people some if other no year them would can than over first you new its like into told last years just
    now only could where while because being it's him do many any before then according most get even she back
    take those since our three her did state such down how my say well world report day another against these
    made may between still around make very way part during off through government says under old go know called
    much including found going both me next should see country took place week home think later cnn's work want
    same why life police long come us don't states left group contributed city president man national media
    never case news got few help came used family right went five united four high former might asked too own
    days need reported without good every really international times put something your officials that's
    security away saying statement whether public set look friday yet taken here seen march past recent working
    best month team things based give does second show far different several court known social top once though
    official men didn't lot end minister authorities already added tuesday number use members earlier however
    again monday night killed hours find thought chief support big great change wanted law others across within
    i'm american having point early today school local ago young wednesday house death story among thing wrote
    person taking believe months children released become better trying until ever am call done started history
    doing little million given department behind rights must least hit important read name looking able action
    led comes face close video women making always thursday using doesn't each hard shot held information half
    outside director sunday office happened community possible political north fact woman six saturday clear
    often course leader real there's involved university play white area feel party along getting enough post
    less themselves attack together lost human died twitter weeks military friends following someone anything
    move recently despite he's investigation saw run keep continue can't side began inside job near control
    black foreign issue power himself wasn't south decision center th air likely full late line nothing sent
    soon stop gave star york everything further prime due small free sure accused arrested tried role war kind
    money shows co worked issues open questions force hope we're live they're anyone start company campaign
    special lead almost tell nearly incident officer idea
    """
)
_IN_EVERY_TWENTIETH = split_words(
    """
    order head posted general fight everyone process final immediately body deal question turned dead third
    whose talk lives son announced seven instead chance india member service washington act bring agency large
    leaders west cannot means actually strong system difficult key named killing created similar areas received
    congress series latest meeting makes comment stay problems ground father hospital building countries front
    evidence february short record anti met problem response matter expected decided turn federal health january
    perhaps leave reports mother words film car business charges july david bad heard failed hand happen
    couldn't win either example eight personal toward remains isn't groups forward release needed students
    forces reason love appeared student experience reporters region felt knew won spokesman let age attacks
    claimed future return moment care speaking details wife true career parents showed london senior serious
    morning justice try fans television else defense august april allegedly child available john word became
    major legal online comments remain leaving capital gone situation needs believed medical won't term facebook
    understand light tv include cases access follow september stand described event america common looked
    interview fire message main living shared isis policy whole opportunity calling executive efforts safety
    reach step previous ahead coming running june minutes daughter played single photos enforcement college
    current leading alleged helped especially obama project claims room attorney services rather sometimes sense
    you're ask followed officers although considered mind itself pressure families probably hundreds charge
    particularly website playing longer atlanta level violence road issued development share african exactly
    hands potential i've plan delhi changed actor biggest election investigators published included whom search
    rest happy society charged al adding organization largest wrong central growing cause provide spent quickly
    heart research private scene class allowed seems indian december california battle view picture street
    murder ensure concerned nine program speech committee self stage page deputy criminal apparently answer
    secretary fear critical speak result michael board mean global council thousands reached pay actions workers
    subject join moved administration born movie district calls press nation talking season reality race maybe
    showing entire british scheduled decades attention civil hear hold quite brought technology beyond miles
    middle crime friend paid mark couple claim presidential effort various forced risk concerns impact meanwhile
    food eventually allow education brother stopped bill east border popular request grand appears watch protect
    flight game form continued break proud responsibility written passed americans fighting currently cost
    create station what's seek plans relationship easy identified points position places events shooting account
    journalist victims bit november phone book seeking staff data iraq spoke red simply raised union islamic
    we've financial wouldn't present fall arrest terms study water safe meet previously town condition lack
    injured giving ways experts arrived alone weapons threat certain highest attempt denied carrying conference
    character attacked schools english culture worth victory fired yes truth majority huge individual european
    occurred economic ministry citizens don tweeted letter opposition terror numbers finally southern site poor
    older asking list french hour built plane country's network peace fellow figure weekend carried conversation
    whatever county expressed admitted takes total revealed photo waiting looks wearing sign returned training
    responsible usually image launched necessary germany winning per ready none myself signed parties protection
    sought placed critics caught expect feeling focus complete visit aircraft operation opinion challenge
    successful ran rules affiliate thank indeed people's institute planned kept evening re limited tough prevent
    moving ended gets millions florida wants aren't approach towards holding targeted feet russia october syria
    save suspect date goes works parts rs
    """
)
_IN_EVERY_FIFTIETH = split_words(
    """
    believes build boy provided ordered direct helping victim writing deaths weren't england seem pilot raise
    amid style agreed send dangerous protest army decade standards completely seeing caused consider treatment
    parliament putting significant martin period begin china declined kids train mention debate related
    allegations confirmed football fourth includes james supposed note arms russian population rule barack
    appear sort aware injuries female bodies reasons talks clearly directly twice non learn door assault track
    address strategy mission travel watching original documents broke focused freedom modern club paul industry
    crowd gun favorite flying dropped joined suffered eastern terrorist africa filed captured traffic deep
    records crisis fine behavior individuals leadership images girl missing land remember conflict treated
    struck committed residents faces keeping world's democratic companies hearing brothers test summer billion
    opened cut match higher possibility armed park haven't certainly northern multiple threatened managed minute
    ones changes vote wait prison stood nearby tweet stories violent lawyer supreme upon suggested western low
    centre affairs bank impossible fast faced pulled piece refused hurt measures movement happening success host
    los spread trial fly avoid served famous stars incidents continues husband email directed finding field
    check amount required joint voice walk space offered st physical identify thanks contact pm activities
    terrorism lose meant airport sea hollywood title ongoing profile ruled matters league round professor doubt
    communities cup angeles noted player guilty telling goal winner normal domestic vice fifth herself
    republican suicide respect democracy model internet progress troops sides reportedly economy bringing girls
    investigating influence mostly initial steve pass removed massive studies appeal doctors carry presence
    demand pro iran learned turns streets tom via prosecutors ruling interest fbi journalists results finished
    accounts hoping choice rival german intelligence ok brown emergency music signs struggle worse wish protests
    captain shortly judge beginning serve rise messages century com unclear addition offer dr guard richard
    afghanistan sharing discovered seat walking regional ability knows benjamin cities require drive throughout
    lines doctor conducted push magazine fell practice threats bottom claiming please thomas below professional
    responded seemed women's earth conditions muslim newspaper coalition systems trust effect mr kill beautiful
    cover ceo controversial feels laws militants seriously afternoon crew environment authority onto changing
    spot apart loved daily competition closed hotel planning teacher till estimated wake sound commission island
    unknown becoming annual imagine gathered activists thinking teams manager potentially fully france sports
    connection eyes blue surprise wall compared version nations beat drug blood founder camera determined
    express hopes independent heavy declared abuse range fighters walked candidate core status spokeswoman cast
    expert trouble rescue films conduct unfortunately politics rate mumbai guy convicted upcoming slow church
    facing lived village suspected citing here's solution damage powerful today's receive relations chairman
    corruption acting sitting agents god target fan sources highly simple alongside sister male instagram
    weather journey delay active designed repeatedly commitment value players concern enjoy figures accepted
    views smith language decide crashed remained box baby tour agent source tied australia screen christian
    pretty racist path we'll strike material agreement starting jury robert communications serving assistant
    reporter commissioner religious pair author george reaction opening eye task setting super texas table
    creating year's ties cameras analyst ben natural square foot arab dozens runs recovered she's supporters
    sexual elections extreme soldiers sending who's king crash difference involving broken driving actual
    involvement standing mass europe absolutely younger traveling hasn't pre willing uk operations married
    mentioned israel widely negotiations israeli relatively cars vehicles generation senate combat numerous nor
    headed unlike generally particular stands missed candidates above inspired he'd direction leg possibly
    partners driver greg deeply joining cooperation secret boys ultimately aviation review videos crimes calm
    additional contacted song headlines statements gov identity basis stated offensive argued brand challenges
    employees science informed interesting pictures draw determine america's firm criticism digital cold greater
    quality moments recovery traveled footage loss bombings bridge fair dark camp regime iranian neither
    promised ordinary surprised retired contract wounded circumstances kumar heads warned picked champions coach
    champion traditional straight bound extremely severe reading proper suspended clinton politicians wing
    religion gives shut approached supported grow terrorists actors attend cabinet nation's episode market type
    route text ideas organizations experienced reporting warning penalty shots watched museum meaning initially
    islamist respond de remote relatives double tells apartment produce nuclear asian drama location bus i'd
    sold vehicle confirm pending journal sen otherwise dismissed homes decisions italian positions extra boston
    mid paper unless witness appearance originally increased muslims kingdom prepared australian struggled quick
    distance reserved laura tensions illegal attempts witnesses separate partner resources adds governments
    analysis division deadly die accept offering personally voters jobs turning sex immediate airlines
    passengers virginia girlfriend funds except alive raising feature perfect rural largely mayor internal sit
    remove singh surveillance positive thoughts brings notice drugs suffering tests understanding file mental
    shown coverage leads bjp netanyahu options discussion testimony facility let's confident worried happens
    associated accident trade exchange failure orders dollars sport experiences goals nature seconds chances
    snow jim spanish editor secure massachusetts games qaeda pain performance laid providing ambassador chapter
    plot completed tax projects buy property effective emotional governor controversy republicans angry dream
    truly add san gender oil operating detained publicly spark frequently discuss alliance campus singer aid
    credit fun specific affected standard green realized suspects realize linked treat regarding polls covered
    noticed greatest degree instance complaint attended association era extremists talked backed elements
    awareness entered tourism requested modi producing art cash chinese visited fund visitors eric jersey
    republic announcement emails lawyers questioning familiar price regularly threatening owner established
    suggests giant overall finish teen tie defeat britain river trip prominent spring civilians definitely
    testing producer ukraine consequences yourself resident reform ed university's prove protesters appropriate
    cry receiving documentary marriage limits shape blame base elsewhere radio tweets speaker approval peaceful
    legislation province energy fit dramatic pakistan floor chris returning coast plus cross mom roll increase
    advice requires display everybody agree faith suggest protecting psychological pointed botelho crucial navy
    activity city's cell touch platform unit wonder amazing personnel worry marked names hate rich applied
    developing powers option jewish bomb audience politically abandoned silence ship reputation average georgia
    paris mobile design senator constitutional obama's interests acts hashtag ahmed proof duty islam mohammed
    obviously earned wins vision effectively joe spoken wide winter flag drove putin alert contribute vladimir
    scott measure hospitals reduce poverty widespread fake larger minority they've terrible hitting reference
    recognized throw bush scale features produced celebrate primary explain discrimination wave jail sentenced
    intended propaganda politician conservative becomes pieces invited facts proposed listen aboard color
    strength shocked tragedy gas ball courts assembly constitution introduced racial survive animal danger
    destroyed communication dad honest somebody plenty sat banned escape nobody confidence unlikely tournament
    afraid cultural referring complex apology trained bigger provides extremist native transportation isolated
    ceremony memorial ticket click budget investigate gunmen dialogue busy meters searching debut htshowbiz
    registered lakh importance unique historic policies block achieve recognize scientists chose function fled
    dubbed neighbors bid controlled engage equally posts establish posting answers write birthday organized
    heading entirely cool they'll guys carolina plays losing sixth pushed testified uncomfortable prosecutor
    roles spend mile targets gen sees basic veteran seeks session gap shares hero capacity specifically russia's
    territory continuing article headquarters closely seized bay counts attempted abroad remaining enjoyed
    mistake unable ferguson reaching hillary resignation increasingly deny brian welcome racism harm pledged
    notes pledge worst sentence proved photographs advance militant group's commander urged representing
    prompted crossed acknowledged johnson et quoted totally resolution considering worldwide ban necessarily
    seemingly imposed strategic hill agencies corner tony link prayers passing arm rare machine intention
    buildings background incredibly eat transport extended owned dna housing celebration spirit aim closer lower
    warrant featured custody store rape outcome airline stone principal colleagues hadn't upset award wear grew
    manner discovery steps collected books memory beating entry regular didn pradesh bag formed opportunities
    holds favor sanctions neighboring starring offers shoot guess listed meetings writer card khan neck tim
    somewhat vast scored blow storm owners elected argue anna carlos hits fought advantage innocent william
    fashion hot wilson wider cleared landed safely technical quest abu civilian starts tomorrow competitive ali
    production remarks stability ministers effects chaos alcohol thinks connected rising paying lying adults
    accusations firing suburb handed lady context stress easier shouldn't intent gay state's pitch sean fears
    expression beijing legitimate activist documented elite folks gop finance row prior ex uses theory indicate
    zero jet employee allowing rushed quarter vulnerable ages breaking sight formal upper sun slightly longtime
    kremlin users stayed ill feelings barcelona improve korea crowds physically hair shock quit anniversary
    founded battling units rounds count increasing code wars patients childhood agenda viewers citizen urban
    unity legacy insisted oklahoma essential skills canada dressed rejected germanwings command easily bollywood
    actress sabha tech ancient rates begins
    """
)
# fmt: on
COMMONNESS = {
    **dict.fromkeys(_IN_EVERY_TENTH_ARTICLE, 0.27),
    **dict.fromkeys(_IN_EVERY_TWENTIETH, 0.40),
    **dict.fromkeys(_IN_EVERY_FIFTIETH, 0.52),
}
