"""What stands beside pixels and sound, by what it tells, and by which name each standard calls it."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a part of the metadata tells."""

    POSITION = "position"  # where it was taken, as coordinates
    PLACE_NAME = "place-name"  # a place in words
    PERSON_NAME = "person-name"  # author, artist, owner, rights holder
    FACE = "face"  # where in a picture a face is, mostly with the name
    DEVICE_SERIAL = "device-serial"  # the number of one camera, lens or recorder
    UNIQUE_ID = "unique-id"  # a number of this picture or recording, by which copies are found
    EMBEDDED_PICTURE = "embedded-picture"  # a thumbnail or preview, which may show what was cut away
    TIME = "time"
    DEVICE_MODEL = "device-model"  # make, model, software
    FREE_TEXT = "free-text"  # captions, comments, keywords, prompts


IDENTIFYING = frozenset({
    Kind.POSITION, Kind.PLACE_NAME, Kind.PERSON_NAME, Kind.FACE, Kind.DEVICE_SERIAL, Kind.UNIQUE_ID,
    Kind.EMBEDDED_PICTURE,
})  # fmt: skip

# Tags of the main and Exif directories: CIPA DC-008 (Exif 3.0), TIFF 6.0, DNG 1.7; Windows' own from 0x9C9B.
EXIF: dict[int, Kind] = {
    0x010E: Kind.FREE_TEXT, 0x010F: Kind.DEVICE_MODEL, 0x0110: Kind.DEVICE_MODEL, 0x0131: Kind.DEVICE_MODEL,
    0x013C: Kind.DEVICE_MODEL, 0x0132: Kind.TIME, 0x013B: Kind.PERSON_NAME, 0x8298: Kind.PERSON_NAME,
    0x9003: Kind.TIME, 0x9004: Kind.TIME, 0x9286: Kind.FREE_TEXT, 0x9C9B: Kind.FREE_TEXT, 0x9C9C: Kind.FREE_TEXT,
    0x9C9D: Kind.PERSON_NAME, 0x9C9E: Kind.FREE_TEXT, 0x9C9F: Kind.FREE_TEXT, 0xA420: Kind.UNIQUE_ID,
    0xA430: Kind.PERSON_NAME, 0xA431: Kind.DEVICE_SERIAL, 0xA433: Kind.DEVICE_MODEL, 0xA434: Kind.DEVICE_MODEL,
    0xA435: Kind.DEVICE_SERIAL, 0xA436: Kind.FREE_TEXT, 0xA437: Kind.PERSON_NAME, 0xA438: Kind.PERSON_NAME,
    0xC62F: Kind.DEVICE_SERIAL, 0xC614: Kind.DEVICE_MODEL, 0xC65D: Kind.UNIQUE_ID,
}  # fmt: skip
GPS: dict[int, Kind] = {0x001C: Kind.PLACE_NAME, 0x001D: Kind.TIME}

# Datasets of record 2: IPTC-NAA Information Interchange Model 4.2.
IPTC: dict[int, Kind] = {
    5: Kind.FREE_TEXT, 25: Kind.FREE_TEXT, 26: Kind.PLACE_NAME, 27: Kind.PLACE_NAME, 55: Kind.TIME, 60: Kind.TIME,
    62: Kind.TIME, 80: Kind.PERSON_NAME, 90: Kind.PLACE_NAME, 92: Kind.PLACE_NAME, 95: Kind.PLACE_NAME,
    101: Kind.PLACE_NAME, 105: Kind.FREE_TEXT, 110: Kind.PERSON_NAME, 116: Kind.PERSON_NAME, 118: Kind.PERSON_NAME,
    120: Kind.FREE_TEXT, 122: Kind.PERSON_NAME, 65: Kind.DEVICE_MODEL, 103: Kind.UNIQUE_ID,
}  # fmt: skip

# Local names of properties: XMP specification part 2; IPTC Photo Metadata 2023; MWG regions; Microsoft's people tags.
XMP: dict[str, Kind] = {
    **dict.fromkeys(("GPSLatitude", "GPSLongitude", "GPSDestLatitude", "GPSDestLongitude"), Kind.POSITION),
    **dict.fromkeys(("City", "Location", "State", "Country", "CountryName", "Sublocation", "ProvinceState",
                     "LocationCreated", "LocationShown", "GPSAreaInformation", "shotLocation"), Kind.PLACE_NAME),
    **dict.fromkeys(("creator", "rights", "OwnerName", "CameraOwnerName", "AuthorsPosition", "Credit", "CaptionWriter",
                     "PersonInImage", "PersonInImageWDetails", "Artist", "artist", "Owner", "CiEmailWork",
                     "CreatorContactInfo", "Photographer", "composer", "engineer"), Kind.PERSON_NAME),
    **dict.fromkeys(("RegionInfo", "RegionList", "PersonDisplayName"), Kind.FACE),
    **dict.fromkeys(("SerialNumber", "BodySerialNumber", "LensSerialNumber", "CameraSerialNumber", "LensID"),
                    Kind.DEVICE_SERIAL),
    **dict.fromkeys(("DocumentID", "OriginalDocumentID", "InstanceID", "ImageUniqueID", "DigitalImageGUID"),
                    Kind.UNIQUE_ID),
    **dict.fromkeys(("Thumbnails", "image"), Kind.EMBEDDED_PICTURE),
    **dict.fromkeys(("CreateDate", "DateTimeOriginal", "DateTimeDigitized", "DateCreated", "ModifyDate",
                     "MetadataDate", "GPSTimeStamp"), Kind.TIME),
    **dict.fromkeys(("CreatorTool", "Make", "Model", "Software", "LensModel", "Lens"), Kind.DEVICE_MODEL),
    **dict.fromkeys(("description", "title", "subject", "Headline", "UserComment", "Instructions",
                     "hierarchicalSubject", "comment"), Kind.FREE_TEXT),
}  # fmt: skip

# Beginnings of the keys of text: the PNG specification's, and what programs write; Vorbis comments; RIFF INFO; iTunes;
# and the field names of tinytag, which stand for the frames of ID3.
_WORDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (Kind.POSITION, ("gps", "latitude", "longitude", "geo", "coordinates", "©xyz", "loci")),
    (Kind.PLACE_NAME, ("location", "city", "country", "venue")),
    (Kind.DEVICE_SERIAL, ("serial", "body_serial", "bwf_originatorreference", "device_id", "deviceid")),
    (Kind.UNIQUE_ID, ("isrc", "musicbrainz", "acoustid", "ufid", "barcode", "catalog", "umid", "priv")),
    (Kind.EMBEDDED_PICTURE, ("picture", "covr", "metadata_block_picture", "coverart", "apic", "thumb")),
    (Kind.PERSON_NAME, (
        "author", "artist", "albumartist", "performer", "composer", "copyright", "owner", "contact", "lyricist",
        "writer", "conductor", "director", "publisher", "encoded_by", "engineer", "iart", "icop", "ieng", "itch",
        "©art", "aart", "©wrt", "remixer", "arranger", "license", "url",
    )),
    (Kind.TIME, ("date", "year", "creation", "time", "icrd", "©day", "originalyear", "tdat")),
    (Kind.DEVICE_MODEL, ("software", "encoder", "encoder_settings", "source", "isft", "©too", "make", "model", "tool")),
    (Kind.FREE_TEXT, (
        "title", "description", "comment", "keywords", "disclaimer", "warning", "parameters", "prompt", "workflow",
        "lyrics", "album", "genre", "subject", "icmt", "inam", "isbj", "ikey", "©nam", "©cmt", "desc", "sdes",
    )),
)  # fmt: skip
_NO_TEXT = frozenset({"genre", "bpm", "track", "track_total", "disc", "disc_total", "compilation", "initial_key",
                      "media_type", "language"})  # fmt: skip


def kind_of_key(key: str) -> Kind | None:
    """What a text of this key tells; free text where the key says nothing, and None where it can tell nothing.

    >>> kind_of_key("GPSLatitude").value, kind_of_key("Author").value, kind_of_key("bpm"), kind_of_key("x7").value
    ('position', 'person-name', None, 'free-text')
    """
    plain = key.strip().casefold()
    if plain in _NO_TEXT:
        return None
    return next((kind for kind, starts in _WORDS if plain.startswith(starts)), Kind.FREE_TEXT)
