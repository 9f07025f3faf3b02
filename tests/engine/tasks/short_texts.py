# ruff: noqa: E501
"""Short texts as people type them, without a mark at the end, and translations that are right.

A line is "text | this/or this"; capitals and the mark at the end do not count.
"""

from __future__ import annotations

FROM_FRENCH = """
Oui | yes
Non | no
Bonjour | hello/good morning/good day/good afternoon/hi
bonjour | hello/good morning/good day/good afternoon/hi
Bonsoir | good evening
Bonne nuit | good night
Au revoir | goodbye/bye/good bye/good-bye
Salut | hi/hello/bye/hey
Merci | thanks/thank you
merci beaucoup | thank you very much/thanks a lot/thank you so much/many thanks
De rien | you're welcome/you are welcome/not at all/don't mention it/it's nothing/no problem
Pardon | sorry/pardon/excuse me/pardon me/i'm sorry
Excusez-moi | excuse me/i'm sorry/sorry
À demain | see you tomorrow/till tomorrow/until tomorrow
À bientôt | see you soon/see you later/see you
Bienvenue | welcome
Félicitations | congratulations/congrats
Bon anniversaire | happy birthday
Joyeux Noël | merry christmas
Bon appétit | bon appétit/bon appetit/enjoy your meal/enjoy/enjoy your food
Bonne chance | good luck
Attention | watch out/attention/be careful/careful/look out/caution/beware
Au secours | help
D'accord | ok/okay/all right/agreed/alright/i agree/very well/fine
Oui, merci | yes, thank you/yes, thanks
Oui 😊 | yes 😊
Merci 🙏 | thanks 🙏/thank you 🙏
😀 Bonjour | 😀 hello/😀 good morning/😀 good day/😀 hi/😀 good afternoon
chat | cat/a cat/the cat
chien | dog/a dog/the dog
maison | house/home/a house/the house
eau | water
livre | book/a book/pound/the book
un chat | a cat
le chien | the dog
une maison | a house/one house
ma mère | my mother/my mom/my mum
mon frère | my brother
un petit chien | a small dog/a little dog/one small dog
une voiture rouge | a red car
la mer | the sea/the ocean/sea
l'école | the school/school
pomme de terre | potato/potatoes/a potato
chemin de fer | railway/railroad/the railway/train tracks/railroad tracks/railway tracks
un café | a coffee/coffee/a café/a cafe/one coffee
rouge | red
grand | tall/big/large/great
manger | eat/to eat/eating
demain | tomorrow
hier soir | last night/yesterday evening/yesterday night
lundi | monday/on monday
vingt-deux | twenty-two/22
trois | three/3
Comment ça va | how are you/how's it going/how is it going/how are you doing/how are things
où es-tu | where are you
Quelle heure est-il | what time is it
Qui est là | who's there/who is there/who's here
pourquoi | why
je t'aime | i love you
je ne sais pas | i don't know/i do not know
il pleut | it's raining/it is raining/it rains
Viens ici | come here
Entrez | come in/enter
BONJOUR | hello/good morning/good day/good afternoon/hi
Allons-y | let's go/let's go there/here we go
"""

TO_FRENCH = """
Yes | oui
No | non
Hello | bonjour/salut/allô/allo
hello | bonjour/salut/allô/allo
Good morning | bonjour
Good evening | bonsoir
Good night | bonne nuit
Goodbye | au revoir/adieu
Hi | salut/bonjour
Thanks | merci
Thank you | merci
thank you very much | merci beaucoup
You're welcome | de rien/je t'en prie/je vous en prie/il n'y a pas de quoi
Sorry | désolé/désolée/pardon/je suis désolé/excusez-moi
Excuse me | excusez-moi/excuse-moi/pardon/pardonnez-moi
See you tomorrow | à demain/on se voit demain
See you soon | à bientôt/à tout à l'heure
Welcome | bienvenue
Congratulations | félicitations/toutes mes félicitations/bravo
Happy birthday | joyeux anniversaire/bon anniversaire
Merry Christmas | joyeux noël
Good luck | bonne chance
Be careful | fais attention/sois prudent/soyez prudent/faites attention/sois prudente/attention/soyez prudents/prends garde
Help | à l'aide/au secours/aide/aidez-moi
OK | d'accord/ok
Yes, please | oui, s'il vous plaît/oui, s'il te plaît
Yes 😊 | oui 😊
Thanks 🙏 | merci 🙏
😀 Hello | 😀 bonjour/😀 salut
cat | chat/un chat/le chat
dog | chien/un chien/le chien
house | maison/la maison/une maison
water | eau/de l'eau/l'eau
book | livre/un livre/le livre
a cat | un chat
the dog | le chien
a house | une maison
my mother | ma mère/maman
my brother | mon frère
a small dog | un petit chien
a red car | une voiture rouge
the sea | la mer/l'océan
the school | l'école
potato | pomme de terre/patate/pommes de terre/une pomme de terre
railway | chemin de fer/voie ferrée/train/le chemin de fer
a coffee | un café
red | rouge
tall | grand/grande
to eat | manger/pour manger/à manger
tomorrow | demain
last night | hier soir/la nuit dernière/la nuit passée/cette nuit
Monday | lundi/le lundi
twenty-two | vingt-deux/22
three | trois/3
How are you | comment vas-tu/comment allez-vous/comment ça va/ça va/comment vas-tu ?
where are you | où es-tu/où êtes-vous/où es-tu ?/où êtes-vous ?
What time is it | quelle heure est-il/quelle heure il est
Who's there | qui est là/qui est-ce
why | pourquoi
I love you | je t'aime/je vous aime
i love you | je t'aime/je vous aime
I don't know | je ne sais pas/je l'ignore/je n'en sais rien
it is raining | il pleut/il est en train de pleuvoir
Come here | viens ici/venez ici/viens là
Come in | entre/entrez
HELLO | bonjour/salut/allô/allo
Let's go | allons-y/on y va/partons/allons
"""

TO_VIETNAMESE = """
Yes | vâng/có/ừ/đúng/phải/dạ/đúng vậy/vâng ạ
No | không/không phải/không có
Hello | xin chào/chào/chào bạn/chào anh/chào cô
hello | xin chào/chào/chào bạn/chào anh/chào cô
Good morning | chào buổi sáng/xin chào/chào/chào buổi sáng tốt lành
Good evening | chào buổi tối/xin chào
Good night | chúc ngủ ngon/ngủ ngon/chúc ngủ ngon nhé/chúc ngủ ngon ạ/ngủ ngon nhé
Goodbye | tạm biệt/chào tạm biệt/xin tạm biệt
Hi | chào/xin chào/chào bạn/chào anh
Thanks | cảm ơn/cám ơn/cảm ơn anh/cảm ơn bạn/xin cảm ơn/cảm ơn nhé
Thank you | cảm ơn/cám ơn/cảm ơn bạn/cảm ơn anh/xin cảm ơn/cám ơn bạn/cám ơn anh/cảm ơn cô/cảm ơn ông
thank you very much | cảm ơn rất nhiều/cám ơn rất nhiều/cảm ơn nhiều/cảm ơn bạn rất nhiều/cảm ơn anh rất nhiều/rất cảm ơn/xin cảm ơn rất nhiều/cám ơn nhiều/cám ơn bạn rất nhiều
You're welcome | không có gì/không có chi/đừng khách sáo/không sao/không sao đâu
Sorry | xin lỗi/tôi xin lỗi/rất tiếc
Excuse me | xin lỗi/xin thứ lỗi/tôi xin lỗi/xin phép/thứ lỗi cho tôi
See you tomorrow | hẹn gặp lại ngày mai/gặp lại ngày mai/mai gặp lại/hẹn ngày mai gặp lại/hẹn gặp bạn ngày mai/hẹn gặp anh ngày mai/ngày mai gặp lại/gặp lại bạn ngày mai/hẹn gặp lại bạn ngày mai/gặp anh ngày mai/mai gặp/hẹn mai gặp lại/gặp lại anh ngày mai/hẹn gặp ngày mai
See you soon | hẹn gặp lại/hẹn sớm gặp lại/gặp lại sau/hẹn gặp lại sớm/gặp lại sớm/sẽ sớm gặp lại/hẹn gặp lại bạn sớm/gặp anh sau/hẹn gặp lại anh sớm
Welcome | chào mừng/xin chào/hoan nghênh/chào mừng bạn/xin chào mừng
Congratulations | chúc mừng/xin chúc mừng/chúc mừng bạn/chúc mừng anh
Happy birthday | chúc mừng sinh nhật/sinh nhật vui vẻ/chúc sinh nhật vui vẻ/mừng sinh nhật/chúc mừng sinh nhật vui vẻ
Merry Christmas | giáng sinh vui vẻ/chúc giáng sinh vui vẻ/chúc mừng giáng sinh/mừng giáng sinh/giáng sinh an lành/chúc mừng giáng sinh vui vẻ
Good luck | chúc may mắn/may mắn/chúc may mắn nhé/chúc bạn may mắn/chúc anh may mắn/chúc tốt lành
Be careful | cẩn thận/hãy cẩn thận/cẩn thận nhé/cẩn thận đấy/hãy cẩn thận nhé/hãy thận trọng
Help | cứu/cứu với/giúp đỡ/giúp/cứu tôi với/giúp với/trợ giúp/giúp tôi/cứu tôi
OK | được/đồng ý/được rồi/ok/vâng/tốt/ừ/được thôi
Yes, please | vâng, làm ơn/vâng, xin mời/vâng, xin vui lòng/có, làm ơn/vâng, xin
Yes 😊 | vâng 😊/có 😊/đúng 😊/ừ 😊/phải 😊/dạ 😊/đúng vậy 😊
Thanks 🙏 | cảm ơn 🙏/cám ơn 🙏/xin cảm ơn 🙏/cảm ơn anh 🙏/cảm ơn bạn 🙏
😀 Hello | 😀 xin chào/😀 chào/😀 chào bạn/😀 chào anh
cat | mèo/con mèo/một con mèo
dog | chó/con chó/một con chó
house | nhà/ngôi nhà/căn nhà/một ngôi nhà
water | nước
book | sách/cuốn sách/quyển sách/một cuốn sách
a cat | một con mèo/con mèo/1 con mèo
the dog | con chó/chó/chú chó
a house | một ngôi nhà/một căn nhà/ngôi nhà/một nhà/căn nhà
my mother | mẹ tôi/mẹ của tôi/mẹ/má tôi
my brother | anh trai tôi/em trai tôi/anh tôi/anh trai của tôi/em trai của tôi/anh em tôi
a small dog | một con chó nhỏ/một chú chó nhỏ/con chó nhỏ
a red car | một chiếc xe màu đỏ/một chiếc xe hơi màu đỏ/một chiếc xe đỏ/xe màu đỏ/xe hơi màu đỏ/một xe hơi màu đỏ/một chiếc ô tô màu đỏ/một xe màu đỏ/một chiếc xe hơi đỏ
the sea | biển/đại dương
the school | trường/trường học/ngôi trường/nhà trường/trường học này
potato | khoai tây/củ khoai tây
a coffee | một cà phê/cà phê/một ly cà phê/một tách cà phê/một cốc cà phê/tách cà phê
red | đỏ/màu đỏ
tall | cao/cao lớn
to eat | ăn/để ăn/phải ăn/được ăn
tomorrow | ngày mai/mai
last night | tối qua/đêm qua/đêm hôm qua/tối hôm qua/đêm trước
Monday | thứ hai/ngày thứ hai/vào thứ hai
twenty-two | hai mươi hai/22/hai hai
three billion | ba tỷ/3 tỷ/ba tỉ
three | ba/3
How are you | bạn khỏe không/bạn có khỏe không/anh khỏe không/anh có khỏe không/cô có khỏe không/cậu khỏe không/bạn thế nào/anh thế nào/cậu thế nào/cô khỏe không/cậu có khỏe không/bạn khoẻ không
where are you | anh ở đâu/bạn ở đâu/anh đang ở đâu/bạn đang ở đâu/cậu ở đâu/cô ở đâu/em đang ở đâu/em ở đâu/cậu đang ở đâu/mày đang ở đâu
What time is it | mấy giờ rồi/mấy giờ/bây giờ là mấy giờ/bây giờ là mấy giờ rồi/bây giờ mấy giờ/bây giờ mấy giờ rồi/giờ là mấy giờ/giờ là mấy giờ rồi/mấy giờ rồi vậy
Who's there | ai đó/ai ở đó/ai đấy/ai vậy/ai ở đó vậy/ai đang ở đó/ai đang ở đó vậy
why | tại sao/vì sao/sao
I love you | tôi yêu bạn/anh yêu em/em yêu anh/tôi yêu em/tôi yêu anh/con yêu mẹ/tôi yêu cô
i love you | tôi yêu bạn/anh yêu em/em yêu anh/tôi yêu em/tôi yêu anh/con yêu mẹ/tôi yêu cô
I don't know | tôi không biết/anh không biết/em không biết/không biết/tôi không biết nữa
it is raining | trời đang mưa/trời mưa/đang mưa/nó đang mưa/mưa rồi/trời đang mưa đó
Come here | lại đây/đến đây/tới đây/lại đây nào/lại đây đi/đến đây nào/hãy đến đây/hãy lại đây/đến đây đi/lại đây nhé
Come in | vào đi/mời vào/hãy vào/xin mời vào/vào trong đi/mời vào đi/vào/vào đây/vào trong/vào nào
HELLO | xin chào/chào/chào bạn/chào anh
Let's go | đi thôi/đi nào/chúng ta đi thôi/đi/hãy đi/chúng ta đi/ta đi thôi/chúng ta hãy đi/mình đi thôi/chúng ta hãy đi thôi
"""

FROM_VIETNAMESE = """
Có | yes/yes, sir/i do/there is
Không | no/not/no, no
Vâng | yes/yeah/yes, sir/ok
Xin chào | hello/hi/greetings
xin chào | hello/hi/greetings
Chào buổi sáng | good morning
Chào buổi tối | good evening
Chúc ngủ ngon | good night/goodnight/sleep well
Tạm biệt | goodbye/bye/good-bye/bye bye/farewell
Cảm ơn | thank you/thanks
Cám ơn | thank you/thanks
cảm ơn bạn | thank you/thanks
cảm ơn rất nhiều | thank you very much/thank you so much/thanks a lot/thanks very much/thanks so much
Không có gì | nothing/you're welcome/it's nothing/no problem/there's nothing/not at all/there is nothing
Xin lỗi | sorry/excuse me/i'm sorry/i am sorry/pardon me
Hẹn gặp lại | see you again/see you later/see you soon/see you/goodbye
Hẹn gặp lại ngày mai | see you tomorrow
Chúc mừng | congratulations/congratulation
Chúc mừng sinh nhật | happy birthday
Chúc mừng năm mới | happy new year
Giáng sinh vui vẻ | merry christmas/happy christmas
Chúc may mắn | good luck
Cẩn thận | be careful/careful/watch out/look out
Cứu tôi với | help me/save me/help
Được rồi | all right/okay/ok/alright/it's okay/fine/that's it/very well
Đồng ý | agree/i agree/agreed/deal/ok/okay
Vâng 😊 | yes 😊/yeah 😊
Cảm ơn 🙏 | thank you 🙏/thanks 🙏
😀 Xin chào | 😀 hello/😀 hi
mèo | cat/cats/a cat/the cat
con mèo | cat/a cat/the cat/cats
con chó | dog/a dog/the dog/dogs
ngôi nhà | house/the house/a house/home
nước | water/the water
cuốn sách | book/the book/a book/books
một con mèo | a cat/one cat
một ngôi nhà | a house/one house/a home
mẹ tôi | my mother/my mom/my mum
anh trai tôi | my brother/my older brother/my elder brother/my big brother
con chó nhỏ | small dog/little dog/a small dog/the little dog/the small dog/a little dog/puppy/the puppy/small dogs
xe màu đỏ | red car/a red car/the red car/red cars/red vehicle
biển | sea/the sea/ocean/beach/the ocean
trường học | school/schools/the school/a school
khoai tây | potato/potatoes/the potato/the potatoes
cà phê | coffee/the coffee
màu đỏ | red/the red/red color/red colour/the red color/the color red
đẹp | beautiful/pretty/nice/good/handsome
ăn | eat/to eat/eating
ngày mai | tomorrow/tomorrow's
tối qua | last night/yesterday evening
thứ hai | monday/second/the second/secondly
hai mươi lăm | twenty-five/25/twenty five
ba | three/3/dad/father
Bạn khỏe không | how are you/are you ok/are you okay/are you well/how are you doing
bạn tên là gì | what's your name/what is your name
anh ở đâu | where are you/where are you from/where do you live
Mấy giờ rồi | what time is it/what's the time
Ai đó | someone/somebody/who's there/who is it/who is that/who's that
tại sao | why
tôi yêu bạn | i love you
anh yêu em | i love you
tôi không biết | i don't know/i do not know
trời đang mưa | it's raining/it is raining/it was raining
lại đây | come here/come over here/come on
mời vào | come in/please come in/come on in
đi thôi | let's go/come on/go/let's move
con cá | fish/the fish/a fish
bánh mì | bread/the bread
XIN CHÀO | hello/hi
tôi đói | i'm hungry/i am hungry/i was hungry
"""

SHORT = {
    ("fr", "en"): FROM_FRENCH,
    ("en", "fr"): TO_FRENCH,
    ("en", "vi"): TO_VIETNAMESE,
    ("vi", "en"): FROM_VIETNAMESE,
}


def short_texts(source: str, target: str) -> list[tuple[str, list[str]]]:
    """The texts of one direction, and what each may become."""
    rows = [line.split(" | ") for line in SHORT[source, target].strip().splitlines()]
    return [(text, right.split("/")) for text, right in rows]


def is_right(translation: str, right: list[str]) -> bool:
    """Whether it is one of the translations that are right."""
    return translation.casefold().rstrip(" .!?…") in {
        each.casefold().rstrip(" ?") for each in right
    }
