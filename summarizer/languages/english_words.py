"""Common English words, counted over news texts by tests/benchmarks/summaries/count_words.py."""

from summarizer.languages.language import split_words

# fmt: off
_IN_EVERY_TENTH_ARTICLE = split_words(
    """
    the to and of in on for that is with was from as it at by have this an has be said but not cnn are who he
    been after they one about which also had their his when were will we out more or all there up two time so
    what people some if other no year them would can than over first you new its like into last told years just
    now only where could while because being it's him do many any before then according most get even she back
    take those since our three her did state such down how my say well world report day against another these
    made may between still around make very way part during through off government says under old know go called
    much including found going both me next should see country took place week home think later work cnn's want
    same why life police long come us don't states left group contributed city president man national media case
    never news got few help used came family right went five united four high former might asked too own days
    need reported without good every really international times put something your officials that's security
    away saying statement whether public set look friday taken yet here seen march past recent working best
    month team things based give does second show far different several court known social once top though
    official men didn't lot minister end authorities already added tuesday number use members earlier however
    monday again night killed hours find thought chief support big great change wanted law others across within
    american having point early today school local ago young wednesday house death story among thing wrote
    person taking believe months children released become trying better until ever am done call started history
    doing little million given department behind rights must least important hit read name looking able action
    led comes face close video women making always thursday using doesn't each hard shot held information half
    outside director sunday office happened community possible political north fact woman six saturday often
    clear leader course there's real involved university play white area feel party along enough getting post
    less themselves attack together lost human died twitter military weeks friends following someone anything
    recently move despite he's investigation saw run keep continue can't side began inside job near control
    black power foreign himself issue south wasn't center decision th air likely full late line nothing sent
    soon stop gave star york everything further prime due small free sure accused arrested tried role war kind
    money shows worked co issues open questions force hope we're live they're anyone start company campaign
    special lead almost tell nearly officer incident idea
    """
)
_IN_EVERY_TWENTIETH = split_words(
    """
    order head general posted fight everyone process final immediately body question deal dead turned whose
    third talk lives son announced seven instead chance india member service washington act bring agency large
    leaders west cannot means strong actually system difficult key named killing similar created areas received
    congress series latest meeting makes comment stay problems ground father hospital building countries front
    evidence short february record anti met problem response matter expected turn decided federal health january
    perhaps leave reports mother words film car charges business july david bad heard hand failed happen
    couldn't win either example eight toward personal remains isn't groups ve forward release needed students
    forces reason love appeared student experience reporters region felt knew won spokesman let age claimed
    attacks future return moment care speaking wife details true career parents showed london senior serious
    morning justice try fans else television defense april august allegedly child john available word became
    major legal remain online comments leaving capital situation gone needs believed medical won't term facebook
    light tv understand include cases access follow september stand described event america common looked
    interview fire message main living shared isis policy whole opportunity efforts executive calling reach
    safety step previous ahead coming running june minutes daughter played single photos college enforcement
    current leading alleged helped obama especially project room claims attorney services rather sometimes
    you're sense ask followed officers although considered itself mind pressure families charge particularly
    hundreds probably website playing longer atlanta level violence issued road african development share
    exactly hands potential plan delhi changed actor biggest election search investigators published included
    whom rest happy society charged al adding organization largest wrong central growing cause provide spent
    quickly heart research private scene class allowed seems indian december california battle view picture
    murder ensure street concerned nine program speech committee page self stage apparently secretary answer
    deputy criminal fear critical speak result michael board mean global council thousands reached pay actions
    workers subject join moved administration born movie district press calls nation season reality talking race
    maybe showing entire british scheduled decades attention civil hear hold quite brought technology beyond
    miles middle crime couple friend mark paid various effort claim presidential concerns risk forced impact
    meanwhile food eventually allow education brother stopped bill border east popular request grand watch
    appears game protect form flight continued break responsibility proud written americans passed fighting
    currently cost create station what's seek plans relationship easy identified points places position events
    shooting journalist account victims bit november phone book seeking staff data spoke iraq red raised simply
    union islamic present financial wouldn't we've fall arrest terms study water safe meet previously town
    condition lack injured giving ways experts arrived alone threat weapons highest carrying conference denied
    certain attempt character attacked schools culture worth victory english fired yes truth majority huge
    individual european occurred economic citizens ministry don tweeted letter opposition terror numbers finally
    southern site poor older asking list built french hour country's plane peace network figure fellow weekend
    carried expressed county conversation whatever takes total admitted revealed photo waiting looks wearing
    returned sign training responsible usually image launched necessary winning per germany ready none sought
    parties signed protection myself caught critics placed expect feeling focus complete visit opinion aircraft
    operation successful challenge ran rules affiliate thank indeed people's institute planned kept evening re
    prevent moving tough limited ended gets millions wants florida aren't towards approach holding targeted feet
    russia october syria save suspect date goes works parts rs
    """
)
_IN_EVERY_FIFTIETH = split_words(
    """
    build believes boy provided direct helping ordered weren't victim writing deaths england seem pilot raise
    amid style agreed send dangerous protest army decade standards completely seeing caused consider treatment
    parliament putting significant period china begin martin kids train declined related debate mention
    allegations football confirmed fourth includes james supposed note arms russian population rule barack
    appear sort aware injuries female bodies reasons clearly talks directly twice non learn door address assault
    track strategy mission travel watching original focused documents broke freedom club paul modern industry
    crowd gun favorite dropped flying joined suffered eastern terrorist africa filed deep captured traffic
    records fine crisis behavior individuals leadership images girl missing land remember conflict treated
    struck committed residents keeping faces world's test companies democratic brothers hearing summer billion
    opened cut match higher possibility armed haven't park certainly northern multiple threatened managed minute
    changes ones vote wait prison stood nearby tweet stories violent supreme upon lawyer suggested western low
    centre affairs impossible faced fast bank piece pulled refused hurt movement happening measures success los
    host trial spread fly avoid stars served famous incidents continues husband email directed finding field
    check amount required joint voice walk space offered st physical identify thanks contact pm meant lose
    terrorism activities hollywood sea airport title matters profile ongoing ruled round communities doubt
    league professor cup noted angeles player guilty telling goal normal winner domestic fifth vice herself
    republican suicide respect democracy model internet troops progress sides reportedly girls economy bringing
    investigating influence mostly steve initial pass removed massive studies appeal doctors carry presence
    learned turns iran demand pro tom streets via ruling interest fbi prosecutors journalists accounts finished
    hoping results choice rival german intelligence ok brown emergency music signs struggle worse protests wish
    shortly captain judge beginning rise serve messages century com unclear addition offer dr guard richard
    afghanistan sharing discovered knows walking ability benjamin regional seat require cities throughout drive
    conducted doctor push lines fell magazine practice threats bottom claiming below professional please thomas
    seemed responded women's conditions earth coalition newspaper muslim systems trust kill mr effect beautiful
    cover ceo feels laws controversial militants seriously afternoon crew environment authority onto changing
    spot apart loved daily competition closed hotel planning teacher till estimated wake sound becoming island
    unknown commission annual imagine gathered activists potentially manager thinking fully teams france sports
    eyes connection surprise wall blue version compared nations beat drug blood founder determined camera
    express hopes independent heavy range declared abuse fighters walked status core candidate spokeswoman
    expert cast trouble rescue films conduct unfortunately politics rate mumbai guy convicted upcoming slow
    church facing lived village suspected citing damage today's powerful solution here's receive chairman
    relations acting sitting corruption agents target god sources highly fan simple alongside sister male
    instagram journey delay weather active designed commitment repeatedly value players concern enjoy figures
    accepted views smith language king decide crashed remained box baby tour agent source tied australia screen
    christian pretty racist strike material agreement path we'll starting communications robert assistant
    reporter jury serving author pair george commissioner reaction religious opening eye task super setting
    creating year's texas table ties analyst cameras ben natural foot square arab dozens runs recovered she's
    sexual supporters elections extreme sending soldiers who's crash difference involving broken actual driving
    involvement mass standing europe younger absolutely traveling hasn't pre willing uk operations married
    mentioned widely negotiations israel israeli relatively vehicles generation cars senate combat headed
    numerous nor unlike generally stands particular missed candidates above inspired he'd direction leg partners
    possibly driver greg cooperation deeply joining boys secret aviation ultimately review calm additional
    crimes videos contacted song headlines identity gov statements basis stated offensive brand argued
    challenges employees science informed interesting pictures determine draw criticism firm america's digital
    cold greater quality moments traveled recovery footage loss bombings bridge fair dark camp regime iranian
    neither ordinary retired surprised promised contract picked circumstances kumar wounded warned heads
    champions coach champion traditional straight extremely bound severe reading suspended proper clinton
    politicians religion wing shut gives approached supported grow terrorists actors attend cabinet nation's
    episode market type route text ideas experienced organizations reporting warning penalty shots watched
    museum initially meaning islamist respond de remote relatives double tells apartment produce nuclear drama
    location asian sold confirm vehicle bus pending sen journal homes otherwise dismissed decisions positions
    extra italian mid boston paper unless witness appearance originally kingdom muslims increased quick distance
    struggled australian prepared reserved laura tensions illegal attempts witnesses separate governments
    resources adds partner division analysis die deadly accept personally offering voters jobs turning sex
    immediate passengers airlines virginia girlfriend funds except alive raising feature perfect largely rural
    mayor internal sit remove singh surveillance positive thoughts brings notice drugs suffering tests
    understanding file mental shown coverage leads bjp options discussion netanyahu testimony facility worried
    let's happens confident failure exchange associated trade accident orders nature goals sport experiences
    dollars chances seconds snow jim editor spanish secure games massachusetts qaeda pain performance laid
    ambassador providing chapter plot projects tax buy completed effective property emotional controversy
    republicans angry governor dream truly oil san gender add publicly operating detained spark frequently
    discuss alliance campus singer aid credit fun specific affected standard green realized suspects realize
    linked treat polls covered regarding noticed greatest degree instance complaint attended association era
    extremists talked backed elements awareness entered tourism requested modi producing art chinese cash
    visited visitors fund republic eric lawyers jersey emails questioning announcement familiar regularly price
    threatening owner established suggests overall giant teen tie finish defeat britain river trip civilians
    spring prominent testing definitely producer ukraine consequences yourself resident prove ed reform
    university's appropriate protesters cry receiving documentary blame shape marriage limits elsewhere base
    approval tweets speaker radio peaceful legislation province energy fit floor dramatic pakistan chris
    returning coast mom cross plus roll increase advice requires display everybody faith agree suggest
    protecting pointed psychological botelho crucial navy activity city's cell touch platform unit wonder
    amazing personnel worry marked names hate bomb applied developing powers option audience jewish rich
    abandoned reputation politically silence ship design ll georgia average paris mobile constitutional obama's
    interests senator acts mohammed islam duty proof ahmed hashtag obviously earned wins vision spoken joe
    effectively winter wide flag drove alert contribute putin vladimir scott measure hospitals reduce poverty
    widespread larger fake minority hitting terrible they've reference recognized throw bush scale produced
    features celebrate primary wave explain discrimination sentenced jail propaganda intended conservative
    becomes politician facts pieces invited proposed listen aboard shocked strength color tragedy gas ball
    courts assembly constitution introduced racial survive animal danger communication destroyed dad honest
    plenty somebody banned sat escape nobody tournament confidence unlikely afraid referring cultural complex
    trained apology provides extremist bigger native transportation isolated ticket memorial ceremony click
    budget investigate gunmen dialogue busy meters searching debut htshowbiz registered lakh importance unique
    achieve scientists historic recognize block policies dubbed fled neighbors function chose bid controlled
    engage equally establish posting answers write posts organized birthday they'll entirely heading cool guys
    plays carolina pushed sixth losing prosecutor uncomfortable testified roles spend mile sees targets gen
    seeks session basic veteran gap capacity shares hero territory continuing article specifically russia's
    headquarters closely bay seized counts attempted remaining abroad enjoyed ferguson mistake unable reaching
    hillary increasingly resignation notes deny racism welcome brian harm pledged pledge sentence worst proved
    urged group's militant photographs advance commander representing prompted johnson crossed acknowledged et
    quoted totally resolution considering worldwide ban seemingly necessarily imposed hill strategic agencies
    corner tony link arm prayers passing rare intention machine buildings transport eat incredibly extended
    background owned dna celebration housing closer aim spirit lower warrant featured store custody rape outcome
    airline stone principal colleagues hadn't upset award wear discovery manner grew steps collected books
    beating memory regular entry didn pradesh bag formed opportunities holds sanctions favor neighboring
    starring offers shoot guess listed meetings neck card writer khan vast owners scored somewhat tim storm
    elected argue blow anna carlos hits advantage fought innocent william hot wilson fashion wider landed
    cleared technical abu quest safely civilian competitive starts tomorrow ali production ministers stability
    remarks effects alcohol chaos thinks connected rising paying adults lying accusations suburb firing handed
    lady context easier stress shouldn't sean state's intent pitch gay fears activist legitimate beijing
    expression documented elite folks finance gop row prior ex uses jet employee indicate theory zero allowing
    quarter rushed vulnerable ages breaking formal sight sun upper slightly longtime kremlin users stayed ill
    feelings barcelona improve korea physically crowds hair shock founded quit anniversary units rounds battling
    increasing count code wars patients childhood agenda viewers urban unity citizen legacy insisted oklahoma
    essential skills canada dressed germanwings rejected command easily bollywood actress sabha tech ancient
    begins rates
    """
)
# fmt: on
COMMONNESS = {  # 0 in every article, 1 in none; RARE of what is on no list
    **dict.fromkeys(_IN_EVERY_TENTH_ARTICLE, 0.27),
    **dict.fromkeys(_IN_EVERY_TWENTIETH, 0.40),
    **dict.fromkeys(_IN_EVERY_FIFTIETH, 0.52),
}
