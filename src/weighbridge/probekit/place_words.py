"""Words that say where, who, when and how many in names of columns: a list of ours, to be added to.

As `names.words` gives them: without accents, capitals and digits. English, French, Spanish, Portuguese, German,
Italian, Dutch, Arabic (in its letters and as it is spelt in Latin ones), Swahili, Indonesian, Turkish, Somali, Polish,
Russian, Chinese, Japanese.
"""

from __future__ import annotations

from weighbridge.probekit.names import folded


def _set(words: str) -> frozenset[str]:
    return frozenset(folded(word) for word in words.split())


LATITUDE = _set("""
    lat latitude lats latitud latitudine breitengrad breite breedtegraad latitudo lintang enlem latituudi szerokosc
    latitudes khatalard العرض широта 纬度 緯度
""")

LONGITUDE = _set("""
    lon lng long longitude lons longitud longitudine langengrad laenge lange lengtegraad longitudo bujur boylam dlugosc
    longitudes khataltul الطول долгота 经度 經度 経度
""")

POSITION = _set("""
    gps position coordinates coordinate coords coord location geolocation geopoint geom geometry point latlon latlng
    latlong lonlat wkt geojson geo coordonnees emplacement coordenadas ubicacion localizacao localizacion koordinaten
    standort posizione coordinate coordinaten locatie koordinat konum lokasi eneo الموقع احداثيات координаты 坐标 座標
    wkb geography shape pin
""")

CELL = _set("h3 hex hexagon hexid geohash geohashes")

GRID = _set("x y xcoord ycoord")  # of a pair only where values are degrees

# Who, as a number or a name given out; also devices, which people carry
PERSON = _set("""
    person persons user users uid userid rider athlete runner driver passenger customer client patient respondent
    participant subject individual beneficiary member employee worker student visitor subscriber owner device imei imsi
    msisdn handset phone mobile maid idfa gaid advertising tracker collar traveller traveler commuter refugee household
    personne utilisateur abonne appareil conducteur patiente malade beneficiaire menage persona usuario dispositivo
    conductor paciente beneficiario cliente pessoa utilizador utente motorista nutzer benutzer fahrer gerat geraet
    teilnehmer kunde utente paziente conducente dispositivo gebruiker deelnemer bestuurder toestel مستخدم المستخدم
    mtumiaji mgonjwa pengguna pasien responden kullanici cihaz surucu isticmaale uzytkownik pacjent kierowca urzadzenie
    пользователь устройство 用户 使用者 ユーザー 利用者
""")

IDENTITY = _set("id ids uid no nr num number code key hash pseudonym token identifier name uuid")

# How many people a row stands for
PEOPLE_COUNT = _set("""
    users athletes people persons runners riders subscribers devices visitors customers population individuals
    inhabitants refugees passengers patients households commuters members participants activities rides runs workouts
    personnes habitants utilisateurs usagers menages personas habitantes usuarios refugiados pessoas habitants
    personen nutzer einwohner persone abitanti utenti inwoners gebruikers watu orang penduduk kisi nufus osoby
    люди пользователи 人数 人口 人数
""")

COUNT = _set("""
    count counts n num total sum freq frequency heat intensity weight visits trips hits checkins nombre effectif numero
    conteo cantidad contagem anzahl haufigkeit conteggio aantal idadi jumlah sayi adet tiro liczba количество 数量 件数
""")

TIME = _set("""
    time timestamp datetime date when ts utc epoch day hour created recorded reported moment heure horodatage jour fecha
    hora tiempo momento data tempo zeit zeitpunkt zeitstempel datum uhrzeit tijd tijdstip ora waktu tanggal zaman tarih
    saat muda tarehe wakti czas وقت الوقت التاريخ время дата 时间 日期 時刻 時間
""")

# Columns that tables about people have beside a place; one is enough to say so
PEOPLE = _set("""
    age sex gender ethnicity religion nationality surname firstname lastname forename email birthdate dob birth
    household occupation income diagnosis sexe prenom naissance edad sexo nacimiento genero idade nascimento geschlecht
    alter
    geburtsdatum sesso nascita geslacht leeftijd umri jinsia umur kelamin yas cinsiyet wiek plec العمر الجنس возраст пол
    年龄 性别 年齢 性別
""")

PLACE = _set("""
    place antenna tower site station stop shop store venue poi merchant checkpoint gate sensor wifi bssid ssid area zone
    district cell region village town city camp lieu antenne arret magasin zone lugar sitio antena parada tienda ort
    antenne haltestelle ort luogo fermata plaats halte mahali tempat yer miejsce место 地点 場所
""")
