//! How plausible a decoded text is, in nats (the negative logarithm of a likelihood).
//!
//! The models are unigram frequencies: the common Hangul syllables, Han characters and letters in
//! the order of their frequency, a Zipf law over them, and a rest for all others. They are coarse
//! and need to be no better: the wrong charset gives rare characters, and rarity adds up.

use std::collections::HashMap;
use std::sync::OnceLock;

use encoding_rs::Encoding;

/// The most common syllables of Korean prose and names, most frequent first.
const HANGUL: &str = "\
    이다는의에을를가은고하지로한기사도자인어대서리나아해시스일정그들으주수있전라과보부원제상것구만여\
    게조장동신면공성국용관안일무교우연선생소경위문진유화모방현오개세물회학중분반발등내미러드마계바당\
    실차식명적려김없말때까할와비간했역통양저세니되트단산예건금행외습업재점영치결약포르력았입작질체음\
    태달노출합목본월북민집며특법군요년배데지후강치남거속품천종날길권란두불타토네였야파설심종판히록복\
    평석민형병송최크레운집독청티카피프코터여투니석승난각별황임망든직검추받잡색참큰손밖감변량표알름호\
    준박윤허홍백류심엄채탈농촌림숙족새벽순즉향항흥활죄벌담당감옥억압류교화소찰증언국경총격고문돈값옷\
    밥팔려갔왔됐된될함께처럼만큼더못잘모든어린늘며버너맞낸갈올맡열런론론면책임층울킨톤킬곳쪽편길";
/// The most common characters of simplified Chinese, most frequent first.
const HANS: &str = "\
    的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后\
    作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因\
    只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应\
    战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿\
    原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太\
    量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界\
    达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今\
    切院让识候带导争运笑飞风步改收根干造言联持组每济车亲极林服快办议往元英士证近失转夫令准布始怎呢存\
    未远叫台单影具罗字爱击流备兵连调深商算质团集百需价花党华城石级整府离况亚请技际约示复病息究线似官\
    火断精满支视消越器容照须九增研写称企八功吗包片史委乎查轻易早曾除农找装广显吧阿李标谈吃图念六引历\
    首医局突专费号尽另周较注语仅考落青随选列武红响虽推势参希古众构房半节土投某案黑维革划敌致陈律足态\
    护七兴派孩验责营星够章音跟志底站严巴例防族供效续施留讲型料终答紧黄绝奇察母京段依批群项故按河米围\
    江织害斗双境客纪采举杀攻父苏密低朝友诉止细愿千值仍男钱破网热助倒育属坐帝限船脸职速刻乐否刚威毛状\
    率甚独球般普怕弹校苦创假久错承印晚兰试股拿脑预谁益阳若哪微尼继送急血惊伤素药适波夜省初喜卫源食险\
    待述陆习置居劳财环排福纳欢雷警获模充负云停木游龙树疑层冷洲冲射略范竟句室异激汉村哈策演简卡罪判担\
    州静退既衣您宗积余痛检差富灵协角占配征修皮挥胜降阶审沉坚善妈刘读啊超免压银买皇养伊怀执副乱抗犯追\
    帮宣佛岁航优怪香著田铁控税左右份穿艺背阵草脚概恶块顿敢守酒岛托央户烈洋哥索胡款靠评版宝座释景顾弟\
    登货互付伯慢欧换闻危忙核暗姐介坏讨丽良序升监临亮露永呼味野架域沙掉括舰鱼杂误湾吉减编楚肯测败屋跑\
    梦散温困剑渐封救贵枪缺楼县尚毫移娘朋画班智亦耳恩短掌恐遗固席松秘谢鲁遇康虑幸均销钟诗藏赶剧票损忽\
    巨炮旧端探湖录叶春乡附吸予礼港雨呀板庭妇归睛饭额含顺输摇招婚脱补谓督毒油疗旅泽材灭逐莫笔亡鲜词圣\
    择寻厂睡博勒烟授诺伦岸奥唐卖俄炸载洛健堂旁宫喝借君禁阴园谋宋避抓荣姑孙逃牙束跳顶玉镇雪午练迫爷篇\
    肉嘴馆遍凡础洞卷坦牛宁纸诸训私庄祖丝翻暴森塔默握戏隐熟骨访弱蒙歌店鬼软典欲萨伙遭盘爸扩盖弄雄稳忘\
    亿刺拥徒姆杨齐赛趣曲刀床迎冰虚玩析窗醒妻透购替塞努休虎扬途侵刑绿兄迅套贸毕唯谷轮库迹尤竞街促延震\
    弃甲伟麻川申缓潜闪售灯针哲络抵朱埃抱鼓植纯夏忍页杰筑折郑贝尊吴秀混臣雅振染盛怒舞圆搞狂措姓残秋培\
    迷诚宽宇猛摆梅毁伸摩盟末乃悲拍丁赵硬麦蒋操耶阻订彩抽赞魔纷沿喊违妹浪汇币丰蓝殊献桌啦瓦莱援译夺汽\
    烧距裁偏符勇触课敬哭懂墙袭召罚侠厅拜巧侧韩冒债曼融惯享戴童犹乘挂奖绍厚纵障讯涉彻刊丈爆乌役描洗玛\
    患妙镜唱烦签仙彼弗症仿倾牌陷鸟轰咱菜闭奋庆撤泪茶疾缘播朗杜奶季丹狗尾仪偷奔珠虫驻孔宜艾桥淡翼恨繁\
    寒伴叹旦愈潮粮缩罢聚径恰挑袋灰捕徐珍幕映裂泰隔启尖忠累炎暂估泛荒偿横拒瑞忆孤鼻闹羊呆厉衡胞零穷舍\
    码赫婆魂灾洪腿胆津俗辩胸晓劲贫仁偶辑邦恢赖圈摸仰润堆碰艇稍迟辆废净凶署壁御奉旋冬矿抬蛋晨伏吹鸡倍\
    糊秦盾杯租骑乏隆诊奴摄丧污渡旗甘耐凭扎抢绪粗肩梁幻菲皆碎宙叔岩荡综爬荷悉蒂返井壮薄悄扫敏碍殖详迪\
    矛霍允幅撒剩凯颗骂赏液番箱贴漫酸郎腰舒眉忧浮辛恋餐吓挺励辞艘键伍峰尺昨黎辈贯侦滑券崇扰宪绕趋慈乔\
    阅汗枝拖墨胁插箭腊粉泥氏彭拔骗凤慧媒佩愤扑龄驱惜豪掩兼跃尸肃帕驶堡届欣惠册储飘桑闲惨洁踪勃宾频仇\
    磨递邪撞拟滚奏巡颜剂绩贡疯坡瞧截燃焦殿伪柳锁逼颇昏劝呈搜勤戒驾漂饮曹朵仔柔俩孟腐幼践籍牧凉牲佳娜\
    浓芳稿竹腹跌逻垂遵脉貌柏狱猜怜惑陶兽帐饰贷昌叙躺钢沟寄扶铺邓寿惧询汤盗肥尝匆辉奈扣廷澳嘛董迁凝慰\
    厌脏腾幽怨鞋丢埋泉涌辖躲晋紫艰魏吾慌祝邮吐狠鉴曰械咬邻赤挤弯椅陪割揭韦悟聪雾锋梯猫祥阔誉筹丛牵鸣\
    沈阁穆屈旨袖猎臂蛇贺柱抛鼠瑟戈牢逊迈欺吨琴衰瓶恼燕仲诱狼池疼卢仗冠粒遥吕玄尘冯抚浅敦纠钻晶岂峡苍\
    喷耗凌敲菌赔涂粹扁亏寂煤熊恭湿循暖糖赋抑秩帽哀宿踏烂袁侯抖夹昆肝擦猪炼恒慎搬纽纹玻渔磁铜齿跨押怖\
    漠疲叛遣兹祭醉拳弥斜档稀捷肤疫肿豆削岗晃吞宏癌肚隶履涨耀扭坛拨沃绘伐堪仆郭牺歼墓雇廉契拼惩捉覆刷\
    劫嫌瓜歇雕闷乳串娃缴唤赢莲霸桃妥瘦搭赴岳嘉舱俊址庞耕锐缝悔邀玲惟斥宅添挖呵讼氧浩羽斤酷掠妖祸侍乙\
    妨贪挣汪尿莉悬唇翰仓轨枚盐览傅帅庙芬屏寺胖璃愚滴疏萧姿颤丑劣柯寸扔盯辱匹俱辨饿蜂哦腔郁溃谨糟葛苗\
    肠忌溜鸿爵鹏鹰笼丘桂滋聊挡纲肌茨壳痕碗穴膀卓贤卧膜毅锦欠哩函茫昂薛皱夸豫胃舌剥傲拾窝睁携陵哼棉晴\
    铃填饲渴吻扮逆脆喘罩卜炉柴愉绳胎蓄眠竭喂傻慕浑奸扇柜悦拦诞饱乾泡贼亭夕爹酬儒姻卵氛泄杆挨僧蜜吟猩\
    遂狭肖甜霞驳裕顽於摘矮秒卿畜咽披辅勾盆疆赌塑畏吵囊嗯泊肺骤缠冈羞瞪吊贾漏斑涛悠鹿俘锡卑葬铭滩嫁催\
    璇翅盒蛮矣潘歧赐鲍锅廊拆灌勉盲宰佐啥胀扯禧辽抹筒棋裤唉朴咐孕誓喉妄拘链驰栏逝窃艳臭纤玑棵趁匠盈翁\
    愁瞬婴孝颈倘浙谅蔽畅赠妮莎尉冻跪闯葡後厨鸭颠遮谊圳吁仑辟瘤嫂陀框谭亨钦庸歉芝吼甫衫摊宴嘱衷娇陕矩\
    浦讶耸裸碧摧薪淋耻胶屠鹅饥盼脖虹翠崩账萍逢赚撑翔倡绵猴枯巫昭怔渊凑溪蠢禅阐旺寓藤匪伞碑挪琼脂谎慨\
    菩萄狮掘抄岭晕逮砍掏狄晰罕挽脾舟痴蔡剪脊弓懒叉拐喃僚捐姊骚拓歪粘柄坑陌窄湘兆崖骄刹鞭芒筋聘钩棍嚷\
    腺弦焰耍俯厘愣厦恳饶钉寡憾摔叠惹喻谱愧煌徽溶坠煞巾滥洒堵瓷咒姨棒郡浴媚稣淮哎屁漆淫巢吩撰啸滞玫硕\
    钓蝶膝姚茂躯吏猿寨恕渠戚辰舶颁惶狐讽笨袍嘲啡泼衔倦涵雀旬僵撕肢垄夷逸茅侨舆窑涅蒲谦杭噢弊勋刮郊凄\
    捧浸砖鼎篮蒸饼亩肾陡爪兔殷贞荐哑炭坟眨搏咳拢舅昧擅爽咖搁禄雌哨巩绢螺裹昔轩谬谍龟媳姜瞎冤鸦蓬巷琳\
    栽沾诈斋瞒彪厄咨纺罐桶壤糕颂膨谐垒咕隙辣绑宠嘿兑霉挫稽辐乞纱裙嘻哇绣杖塘衍轴攀膊譬斌祈踢肆坎轿棚\
    泣屡躁邱凰溢椎砸趟帘帆栖窜丸斩堤塌贩厢掀喀乖谜捏阎滨虏匙芦苹卸沼钥株祷剖熙哗劈怯棠胳桩瑰娱娶沫嗓\
    蹲焚淘嫩韵衬匈钧竖峻豹捞菊鄙魄兜哄颖镑屑蚁壶怡渗秃迦旱哟咸焉谴宛稻铸锻伽詹毙恍贬烛骇芯汁桓坊驴朽\
    靖佣汝碌迄冀荆崔雁绅珊榜诵傍彦醇笛禽勿娟瞄幢寇睹贿踩霆呜拱妃蔑谕缚诡篷淹腕煮倩卒勘馨逗甸贱炒灿敞\
    蜡囚栗辜垫妒魁谣寞蜀甩涯枕丐泳奎泌逾叮黛燥掷藉枢憎鲸弘倚侮藩拂鹤蚀浆芙垃烤晒霜剿蕴圾绸屿氢驼妆捆\
    铅逛淑榴丙痒钞蹄犬躬昼藻蛛褐颊奠募耽蹈陋侣魅岚侄虐堕陛莹荫狡阀绞膏垮茎缅喇绒搅凳梭丫姬诏钮棺耿缔\
    懈嫉灶匀嗣鸽澡凿纬沸畴刃遏烁嗅叭熬瞥骸奢拙栋毯桐砂莽泻坪梳杉晤稚蔬蝇捣顷麽尴镖诧尬硫嚼羡沦沪旷彬\
    芽狸冥碳咧惕暑咯萝汹腥窥俺潭崎麟捡拯厥澄萎哉涡滔暇溯鳞酿茵愕瞅暮衙诫斧兮焕棕佑嘶妓喧蓉删樱伺嗡娥\
    梢坝蚕敷澜杏绥冶庇挠搂倏聂婉噪稼鳍菱盏匿吱寝揽髓秉哺矢啪帜邵嗽挟缸揉腻驯缆晌瘫贮觅朦僻隋蔓咋嵌虔\
    畔琐碟涩胧嘟蹦冢浏裔襟叨诀旭虾簿啤擒枣嘎苑牟呕骆凸熄兀喔裳凹赎屯膛浇灼裘砰棘橡碱聋姥瑜毋娅沮萌俏\
    黯撇粟粪尹苟癫蚂禹廖俭帖煎缕窦簇棱叩呐瑶墅莺烫蛙歹伶葱哮眩坤廓讳啼乍瓣矫跋枉梗厕琢讥釉窟敛轼庐胚\
    呻绰扼懿炯竿慷虞锤栓桨蚊磅孽惭戳禀鄂馈垣溅咚钙礁彰豁眯磷雯墟迂瞻颅琉悼蝴拣渺眷悯汰慑婶斐嘘镶炕宦\
    趴绷窘襄珀嚣拚酌浊毓撼嗜扛峭磕翘槽淌栅颓熏瑛颐忖";

/// Traditional forms of those among the first thousand that differ, in pairs.
const TRADITIONAL: &str = "\
    这這个個们們来來为為国國说說时時会會对對过過发發后後里裡种種经經么麼学學现現当當没沒动動还還进進\
    样樣开開从從实實军軍无無与與长長机機关關点點业業将將两兩间間问問并並应應战戰头頭体體见見产產话話\
    内內给給门門儿兒东東声聲员員论論处處义義几幾认認条條系係气氣题題尔爾别別变變总總电電数數报報结結\
    务務场場计計资資许許统統区區队隊决決马馬书書则則听聽达達强強难難权權设設类類据據边邊张張该該规規\
    万萬觉覺术術领領确確传傳师師观觀让讓识識带帶导導争爭运運飞飛风風联聯组組济濟车車亲親极極办辦议議\
    证證转轉准準远遠单單罗羅爱愛击擊备備连連调調质質团團价價党黨华華级級离離况況亚亞请請际際约約复復\
    线線断斷精精满滿视視须須写寫称稱吗嗎轻輕农農找找装裝广廣显顯标標谈談图圖历歷医醫专專费費号號尽盡\
    较較语語仅僅随隨选選红紅响響虽雖势勢参參众眾构構节節划劃敌敵陈陳态態护護兴興验驗责責营營够夠严嚴\
    续續讲講终終紧緊绝絕项項围圍织織斗鬥双雙纪紀采採举舉杀殺苏蘇诉訴细細愿願钱錢网網热熱属屬脸臉职職\
    乐樂刚剛状狀独獨弹彈创創错錯兰蘭试試脑腦预預谁誰阳陽继繼惊驚伤傷药藥适適卫衛险險陆陸习習劳勞财財\
    环環纳納欢歡获獲负負云雲龙龍树樹层層冲衝范範异異汉漢简簡担擔积積余餘检檢灵靈协協征徵挥揮胜勝降降\
    阶階审審坚堅妈媽刘劉读讀压壓银銀买買养養怀懷执執乱亂帮幫岁歲优優铁鐵税稅艺藝阵陣脚腳恶惡块塊顿頓\
    岛島户戶评評宝寶释釋顾顧货貨欧歐换換闻聞坏壞讨討丽麗监監临臨舰艦鱼魚杂雜误誤湾灣减減编編测測败敗\
    梦夢温溫剑劍渐漸贵貴枪槍楼樓县縣画畫遗遺松鬆谢謝鲁魯虑慮销銷钟鐘诗詩赶趕剧劇损損旧舊录錄叶葉乡鄉\
    礼禮妇婦归歸饭飯额額顺順输輸摇搖脱脫补補谓謂疗療泽澤灭滅笔筆鲜鮮词詞圣聖择擇寻尋厂廠烟煙诺諾伦倫\
    奥奧卖賣载載宫宮阴陰园園谋謀荣榮孙孫顶頂镇鎮练練爷爺馆館宁寧纸紙诸諸训訓庄莊丝絲戏戲隐隱访訪软軟\
    萨薩伙夥盘盤扩擴盖蓋稳穩亿億拥擁杨楊齐齊赛賽虚虛购購扬揚绿綠贸貿毕畢轮輪库庫迹跡竞競弃棄伟偉缓緩\
    潜潛闪閃灯燈针針络絡页頁杰傑筑築郑鄭贝貝吴吳圆圓残殘诚誠宽寬摆擺毁毀赵趙麦麥蒋蔣订訂赞贊纷紛违違\
    汇匯币幣丰豐蓝藍献獻莱萊译譯夺奪烧燒触觸课課墙牆袭襲罚罰侠俠厅廳侧側韩韓债債惯慣犹猶挂掛奖獎绍紹\
    纵縱讯訊彻徹乌烏玛瑪镜鏡烦煩签簽倾傾鸟鳥闭閉奋奮庆慶缘緣";
/// What is frequent in traditional text beside those, from Hong Kong and Taiwan.
const HANT_MORE: &str = "你妳佢嘅喺咗啲睇乜冇唔係哋嚟臺吧您";
/// Kanji in common use, most frequent first.
const KANJI: &str = "\
    日一国人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書\
    先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨会同事自社発者地業方新場員立開手力\
    問代明動京目通言理体田主題意不作用度強公持野以思家世多正安院心界教文元重近考画海売知道集別物使品\
    計死特私始朝運終台広住無真有口少町料工建空急止送切転研足究楽起着店病質待試族銀早映親験英医仕去味\
    写字答夜音注帰古歌買悪図週室歩風紙黒花春赤青館屋色走秋夏習駅洋旅服夕借曜飲肉貸堂鳥飯勉冬昼茶弟牛\
    魚兄犬妹姉漢政議民連対部合市内相定回選米実関決全表戦経最現調化当約首法性的要制治務成期取都和機平\
    加受続進数記初指権支産点報済活原共得解交資予向際勝面告反判認参利組信在件側任引求所次昨論官増係感\
    情投示変打直両式確果容必演歳争談能位置流格疑過局放常状球職与供役構割身費付由説難優夫収断石違消神\
    番規術備宅害配警育席訪乗残想線念助労例然限追商葉伝働形景落好退頭負渡失差末守若種美命福望非観察段\
    横深申様財港識呼達良候程満敗値突光路科積他処太客否師登易速存飛殺号単座破除完降責捕危給苦迎園具辞\
    因馬愛富彼未舞亡冷適婦寄込顔類余王返妻背熱宿薬険頼覚船途許抜便留罪努精散静婚喜浮絶幸押倒等老曲払\
    庭徒勤遅居雑招困欠更刻賛抱犯恐息遠戻願絵越欲痛笑互束似列探逃遊迷夢君閉緒折草暮酒悲晴掛到寝暗盗吸\
    陽御歯忘雪吹娘誤洗慣礼窓昔貧怒泳祖杯疲皆鳴腹煙眠怖耳頂箱晩寒髪忙才靴恥偶偉猫幾委府協裁移収脱拉致\
    韓朝鮮";
const HIRAGANA: &str = "\
    のいにるたをはしとてがなでれかこさらっすまあうりもきくんだよそせつどけえおわちみやじめばひげごろ\
    ほねぶびへふむゆょゅゃぐべぎずぼずぞぬざぜづぁぱぃぽぇぴぺぉぷぢぅゐゑ";
const KATAKANA: &str = "\
    ーンスルトリラアイドシクタッジレマフロカサテナプバコグムメウオニキミデチセハパエブノツヤモネビワ\
    ボズダソガケポペゴヒホィャピザユヨベォゲェュゼァョギヘヌヴヅ";

/// Cost of characters, in tenths of a nat.
pub(crate) struct Wide {
    cost: Box<[u8]>,
}

impl Wide {
    pub(crate) fn cost(&self, character: char) -> u32 {
        if character.is_ascii() {
            return ascii(character);
        }
        let known = self.cost.get(character as usize).copied();
        u32::from(known.unwrap_or(160))
    }
}

/// ASCII costs the same in every charset that has it, so it decides nothing but what is a trail
/// byte of a pair.
pub(crate) fn ascii(character: char) -> u32 {
    match character {
        ' ' | 'a'..='z' => 28,
        '0'..='9' | 'A'..='Z' | '\n' | '\r' | '.' | ',' | '_' | '-' | '(' | ')' | '/' => 34,
        '\t' | '"' | '\'' | ':' | ';' | '<' | '>' | '=' | '&' => 42,
        ' '..='~' => 60,
        _ => 150,
    }
}

/// The languages of pairs of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tongue {
    Korean,
    Simplified,
    Traditional,
    Japanese,
}

/// The model of a language.
pub(crate) fn wide(tongue: Tongue) -> &'static Wide {
    static MODELS: [OnceLock<Wide>; 4] = [const { OnceLock::new() }; 4];
    match MODELS.get(tongue as usize) {
        Some(model) => model.get_or_init(|| build(tongue)),
        None => unreachable_model(),
    }
}

/// `Tongue` has as many values as there are models; this is the answer if that ever changes.
fn unreachable_model() -> &'static Wide {
    static EMPTY: OnceLock<Wide> = OnceLock::new();
    EMPTY.get_or_init(|| Wide {
        cost: vec![150; 0x1_0000].into(),
    })
}

fn build(tongue: Tongue) -> Wide {
    let mut model = Wide {
        cost: vec![150; 0x1_0000].into(),
    };
    // Letters and signs of any kind, before what the language itself uses.
    for code in 0xa0..0x3000 {
        model.set(code, 115);
    }
    for code in 0xff01..0xff5f {
        model.set(code, 85);
    }
    for code in 0x80..0xa0 {
        model.set(code, 200);
    }
    for code in (0xe000..0xf900).chain([0xfffd]) {
        model.set(code, 190);
    }
    for code in 0xff61..0xffa0 {
        model.set(code, 105);
    }
    for sign in
        "、。，．・：；？！（）「」『』《》【】“”‘’…—·ㆍ　〈〉〔〕-–→※○●■□▲△☆★◆◇①②③④⑤".chars()
    {
        model.set(sign as u32, 72);
    }
    match tongue {
        Tongue::Korean => {
            model.plane(encoding_rs::EUC_KR, 0xca..=0xfd, 0xa1..=0xfe, 115);
            for code in 0xac00..0xd7a4 {
                model.set(code, 128);
            }
            model.plane(encoding_rs::EUC_KR, 0xb0..=0xc8, 0xa1..=0xfe, 92);
            model.plane(encoding_rs::EUC_KR, 0xa4..=0xa4, 0xa1..=0xd3, 90);
            model.zipf(HANGUL.chars(), 0.88, 8.0);
        }
        Tongue::Simplified => {
            model.plane(encoding_rs::GB18030, 0x81..=0xfe, 0x40..=0xfe, 135);
            model.plane(encoding_rs::GB18030, 0xd8..=0xf7, 0xa1..=0xfe, 122);
            model.plane(encoding_rs::GB18030, 0xb0..=0xd7, 0xa1..=0xfe, 108);
            model.plane(encoding_rs::GB18030, 0xa2..=0xa9, 0xa1..=0xfe, 115);
            model.zipf(HANS.chars(), 0.97, 30.0);
        }
        Tongue::Traditional => {
            model.plane(encoding_rs::BIG5, 0x87..=0xfe, 0x40..=0xfe, 140);
            model.plane(encoding_rs::BIG5, 0xc9..=0xf9, 0x40..=0xfe, 128);
            model.plane(encoding_rs::BIG5, 0xa4..=0xc6, 0x40..=0xfe, 104);
            let mut pairs = HashMap::new();
            let mut rest = TRADITIONAL.chars();
            while let (Some(simple), Some(full)) = (rest.next(), rest.next()) {
                pairs.insert(simple, full);
            }
            let common = HANS
                .chars()
                .take(2000)
                .map(|c| pairs.get(&c).copied().unwrap_or(c));
            let allowed: Vec<char> = common.filter(|&c| model.cost(c) < 140).collect();
            model.zipf(allowed.into_iter(), 0.93, 30.0);
            for more in HANT_MORE.chars() {
                model.set(more as u32, 80);
            }
        }
        Tongue::Japanese => {
            model.plane(encoding_rs::SHIFT_JIS, 0x98..=0xfc, 0x40..=0xfc, 125);
            model.plane(encoding_rs::SHIFT_JIS, 0x88..=0x97, 0x40..=0xfc, 100);
            for (code, cost) in (0x3041..0x3094)
                .map(|c| (c, 90))
                .chain((0x30a1..0x30f7).map(|c| (c, 95)))
            {
                model.set(code, cost);
            }
            model.zipf(HIRAGANA.chars(), 0.50, 4.0);
            model.zipf(KATAKANA.chars(), 0.12, 8.0);
            model.zipf(KANJI.chars(), 0.30, 25.0);
            for sign in "、。「」・".chars() {
                model.set(sign as u32, 50);
            }
        }
    }
    model
}

impl Wide {
    fn set(&mut self, code: u32, cost: u8) {
        if let Some(slot) = self.cost.get_mut(code as usize) {
            *slot = cost;
        }
    }

    /// All characters of a part of a plane of pairs.
    fn plane(
        &mut self,
        encoding: &'static Encoding,
        leads: std::ops::RangeInclusive<u8>,
        trails: std::ops::RangeInclusive<u8>,
        cost: u8,
    ) {
        for lead in leads {
            for trail in trails.clone() {
                let pair = [lead, trail];
                let text = encoding.decode_without_bom_handling_and_without_replacement(&pair);
                let mut characters = text.iter().flat_map(|text| text.chars());
                if let (Some(character), None) = (characters.next(), characters.next())
                    && !(0xe000..0xf900).contains(&(character as u32))
                {
                    self.set(character as u32, cost);
                }
            }
        }
    }

    /// Gives `share` of all probability to these, falling with rank.
    fn zipf(&mut self, characters: impl Iterator<Item = char>, share: f64, flat: f64) {
        let mut seen = std::collections::HashSet::new();
        let ranked: Vec<char> = characters.filter(|&c| seen.insert(c)).collect();
        let total: f64 = (0..ranked.len())
            .map(|rank| 1.0 / (rank as f64 + flat))
            .sum();
        for (rank, &character) in ranked.iter().enumerate() {
            let cost = -(share / (total * (rank as f64 + flat))).ln() * 10.0;
            self.set(character as u32, cost.clamp(10.0, 120.0) as u8);
        }
    }
}
