"""Countries of the world: name; capital; demonyms and other names by which newspapers call their governments.

One line a country, in folded form (no accents, lower case): `name | capital | adjective, people, metonyms`. Words that
mean two countries ("Korean", "Congolese", "Guinean") are left out: a wrong government is worse than none.
"""

from __future__ import annotations

_COUNTRIES = """
afghanistan | kabul | afghan, afghans, taliban government
albania | tirana | albanian, albanians
algeria | algiers | algerian, algerians
andorra | andorra la vella | andorran, andorrans
angola | luanda | angolan, angolans
antigua and barbuda | saint john's | antiguan, antiguans
argentina | buenos aires | argentine, argentinian, argentines, casa rosada
armenia | yerevan | armenian, armenians
australia | canberra | australian, australians
austria | vienna | austrian, austrians
azerbaijan | baku | azerbaijani, azerbaijanis, azeri
bahamas | nassau | bahamian, bahamians
bahrain | manama | bahraini, bahrainis
bangladesh | dhaka | bangladeshi, bangladeshis
barbados | bridgetown | barbadian, barbadians
belarus | minsk | belarusian, belarusians, belarussian
belgium | | belgian, belgians
belize | belmopan | belizean, belizeans
benin | porto-novo | beninese
bhutan | thimphu | bhutanese
bolivia | la paz | bolivian, bolivians
bosnia and herzegovina | sarajevo | bosnian, bosnians, bosnia
botswana | gaborone | botswanan
brazil | brasilia | brazilian, brazilians, planalto
brunei | bandar seri begawan | bruneian
bulgaria | sofia | bulgarian, bulgarians
burkina faso | ouagadougou | burkinabe
burundi | gitega | burundian, burundians
cambodia | phnom penh | cambodian, cambodians
cameroon | yaounde | cameroonian, cameroonians
canada | ottawa | canadian, canadians
cape verde | praia | cape verdean
central african republic | bangui | central african
chad | n'djamena | chadian, chadians
chile | santiago | chilean, chileans, la moneda
china | beijing | chinese, people's republic of china, prc, zhongnanhai, peking
colombia | bogota | colombian, colombians
comoros | moroni | comorian
republic of the congo | brazzaville | congo-brazzaville
democratic republic of the congo | kinshasa | dr congo, drc, democratic republic of congo, congo-kinshasa
costa rica | san jose | costa rican, costa ricans
croatia | zagreb | croatian, croatians, croat
cuba | havana | cuban, cubans
cyprus | nicosia | cypriot, cypriots
czech republic | prague | czech, czechs, czechia
denmark | copenhagen | danish, danes
djibouti | | djiboutian
dominica | roseau |
dominican republic | santo domingo | dominican, dominicans
east timor | dili | timorese, timor-leste
ecuador | quito | ecuadorian, ecuadorians
egypt | cairo | egyptian, egyptians
el salvador | san salvador | salvadoran, salvadorans
equatorial guinea | malabo | equatoguinean
eritrea | asmara | eritrean, eritreans
estonia | tallinn | estonian, estonians
eswatini | mbabane | swazi, swaziland
ethiopia | addis ababa | ethiopian, ethiopians
european union | brussels | eu, e.u., europe, european, european bloc, berlaymont, the 27
fiji | suva | fijian, fijians
finland | helsinki | finnish, finns
france | paris | french, elysee, elysee palace, quai d'orsay
gabon | libreville | gabonese
gambia | banjul | gambian, gambians
georgia | tbilisi | georgian, georgians
germany | berlin | german, germans, bundesregierung
ghana | accra | ghanaian, ghanaians
greece | athens | greek, greeks
grenada | st george's | grenadian
guatemala | guatemala city | guatemalan, guatemalans
guinea | conakry |
guinea-bissau | bissau |
guyana | georgetown | guyanese
haiti | port-au-prince | haitian, haitians
honduras | tegucigalpa | honduran, hondurans
hong kong | | hong konger
hungary | budapest | hungarian, hungarians
iceland | reykjavik | icelandic, icelanders
india | new delhi | indian, indians, delhi
indonesia | jakarta | indonesian, indonesians
iran | tehran | iranian, iranians, islamic republic of iran, teheran
iraq | baghdad | iraqi, iraqis
ireland | dublin | irish
israel | jerusalem | israeli, israelis, tel aviv
italy | rome | italian, italians, palazzo chigi
ivory coast | yamoussoukro | ivorian, ivorians, cote d'ivoire
jamaica | kingston | jamaican, jamaicans
japan | tokyo | japanese, kantei
jordan | amman | jordanian, jordanians
kazakhstan | astana | kazakh, kazakhs, kazakhstani
kenya | nairobi | kenyan, kenyans
kiribati | tarawa |
kosovo | pristina | kosovar, kosovars, kosovan
kuwait | kuwait city | kuwaiti, kuwaitis
kyrgyzstan | bishkek | kyrgyz
laos | vientiane | laotian, lao
latvia | riga | latvian, latvians
lebanon | beirut | lebanese
lesotho | maseru | basotho
liberia | monrovia | liberian, liberians
libya | tripoli | libyan, libyans
liechtenstein | vaduz |
lithuania | vilnius | lithuanian, lithuanians
luxembourg | | luxembourgish
madagascar | antananarivo | malagasy
malawi | lilongwe | malawian, malawians
malaysia | kuala lumpur | malaysian, malaysians, putrajaya
maldives | male | maldivian, maldivians
mali | bamako | malian, malians
malta | valletta | maltese
marshall islands | majuro | marshallese
mauritania | nouakchott | mauritanian, mauritanians
mauritius | port louis | mauritian
mexico | mexico city | mexican, mexicans
micronesia | palikir | micronesian
moldova | chisinau | moldovan, moldovans
monaco | | monegasque
mongolia | ulaanbaatar | mongolian, mongolians
montenegro | podgorica | montenegrin, montenegrins
morocco | rabat | moroccan, moroccans
mozambique | maputo | mozambican, mozambicans
myanmar | naypyidaw | burmese, burma
namibia | windhoek | namibian, namibians
nauru | yaren | nauruan
nepal | kathmandu | nepali, nepalese
netherlands | the hague | dutch, holland
new zealand | wellington | new zealander, new zealanders
nicaragua | managua | nicaraguan, nicaraguans
niger | niamey | nigerien
nigeria | abuja | nigerian, nigerians
north korea | pyongyang | north korean, north koreans, dprk
north macedonia | skopje | macedonian, macedonia
norway | oslo | norwegian, norwegians
oman | muscat | omani, omanis
pakistan | islamabad | pakistani, pakistanis
palau | ngerulmud | palauan
palestine | ramallah | palestinian, palestinian authority
panama | panama city | panamanian, panamanians
papua new guinea | port moresby | papua new guinean
paraguay | asuncion | paraguayan, paraguayans
peru | lima | peruvian, peruvians
philippines | manila | philippine, filipino, filipinos, malacanang
poland | warsaw | polish, poles
portugal | lisbon | portuguese
qatar | doha | qatari, qataris
romania | bucharest | romanian, romanians
russia | moscow | russian, russians, kremlin, russian federation
rwanda | kigali | rwandan, rwandans
saint lucia | castries |
samoa | apia | samoan, samoans
san marino | |
saudi arabia | riyadh | saudi, saudis, saudi arabian, ksa
senegal | dakar | senegalese
serbia | belgrade | serbian, serbians, serb
seychelles | | seychellois
sierra leone | freetown | sierra leonean
singapore | | singaporean, singaporeans
slovakia | bratislava | slovak, slovaks, slovakian
slovenia | ljubljana | slovenian, slovenians, slovene
solomon islands | honiara | solomon islander
somalia | mogadishu | somali, somalis
south africa | pretoria | south african, south africans
south korea | seoul | south korean, south koreans, republic of korea, blue house
south sudan | juba | south sudanese
spain | madrid | spanish, spaniards, moncloa
sri lanka | colombo | sri lankan, sri lankans
sudan | khartoum | sudanese
suriname | paramaribo | surinamese
sweden | stockholm | swedish, swedes
switzerland | bern | swiss
syria | damascus | syrian, syrians, syrian arab republic
taiwan | taipei | taiwanese
tajikistan | dushanbe | tajik, tajiks
tanzania | dodoma | tanzanian, tanzanians
thailand | bangkok | thai, thais
togo | lome | togolese
tonga | nuku'alofa | tongan, tongans
trinidad and tobago | port of spain | trinidadian
tunisia | tunis | tunisian, tunisians
turkey | ankara | turkish, turks, turkiye
turkmenistan | ashgabat | turkmen
tuvalu | funafuti |
uganda | kampala | ugandan, ugandans
ukraine | kyiv | ukrainian, ukrainians, kiev, bankova
united arab emirates | abu dhabi | emirati, emiratis, uae
united kingdom | london | british, britain, uk, great britain, britons, downing street, whitehall
united states | washington | us, usa, american, americans, america, united states of america, white house, washington dc
uruguay | montevideo | uruguayan, uruguayans
uzbekistan | tashkent | uzbek, uzbeks
vanuatu | port vila |
vatican | vatican city | holy see
venezuela | caracas | venezuelan, venezuelans, miraflores
vietnam | hanoi | vietnamese
yemen | sanaa | yemeni, yemenis, sana
zambia | lusaka | zambian, zambians
zimbabwe | harare | zimbabwean, zimbabweans
"""


def _rows() -> dict[str, tuple[str, ...]]:
    rows = {}
    for line in _COUNTRIES.strip().splitlines():
        name, capital, others = (part.strip() for part in line.split("|"))
        rows[name] = tuple(word for word in (name, capital, *(o.strip() for o in others.split(","))) if word)
    return rows


NAMES_OF: dict[str, tuple[str, ...]] = _rows()
"""Country to its names, itself first, as written in the table."""
