import pytest

from icp.vocabulary import builtin
from icp.vocabulary.regions import Regions

REGIONS = builtin().regions


def leaves():
    for province in REGIONS.children(""):
        for city in REGIONS.children(province.code):
            yield from REGIONS.children(city.code)


def test_thirty_one_provinces_with_names_in_both_languages():
    provinces = REGIONS.children("")
    assert len(provinces) == 31
    assert REGIONS.name("350000", "en") == "Fujian"
    assert not [p for p in provinces if p.code[:2] in ("71", "81", "82")]
    assert REGIONS.name("350102", "en") == "鼓楼区"


def test_every_region_is_reached_by_three_nested_codes():
    codes = [option.code for option in leaves()]
    assert len(codes) == len(set(codes)) > 2800
    for code in codes:
        province, city, district = REGIONS.path(code)
        assert district == code
        assert REGIONS.is_district(code)
        assert city[:2] == province[:2] == code[:2]
        assert code in [o.code for o in REGIONS.children(city)]
        assert city in [o.code for o in REGIONS.children(province)]
        assert all(len(part) == 6 for part in (province, city, district))


@pytest.mark.parametrize(
    ("code", "path", "name"),
    [
        ("350102", ("350000", "350100", "350102"), "福建省福州市鼓楼区"),
        ("110105", ("110000", "110100", "110105"), "北京市朝阳区"),
        ("500229", ("500000", "500200", "500229"), "重庆市城口县"),
        ("441900", ("440000", "441900", "441900"), "广东省东莞市"),
        ("442000", ("440000", "442000", "442000"), "广东省中山市"),
        ("460400", ("460000", "460400", "460400"), "海南省儋州市"),
        ("620200", ("620000", "620200", "620200"), "甘肃省嘉峪关市"),
        ("469001", ("460000", "469000", "469001"), "海南省五指山市"),
        ("659001", ("650000", "659000", "659001"), "新疆维吾尔自治区石河子市"),
        ("429004", ("420000", "429000", "429004"), "湖北省仙桃市"),
        ("350100", ("350000", "350100", ""), "福建省福州市"),
        ("350000", ("350000", "", ""), "福建省"),
        ("999999", ("", "", ""), ""),
        ("", ("", "", ""), ""),
    ],
)
def test_paths_and_names(code, path, name):
    assert REGIONS.path(code) == path
    assert REGIONS.full_name(code) == name


def test_what_can_be_the_region_of_a_subject():
    assert REGIONS.is_district("350102")
    assert REGIONS.is_district("441900")
    assert not REGIONS.is_district("350100")
    assert not REGIONS.is_district("350000")
    assert not REGIONS.is_district("999999")
    assert not REGIONS.is_district("")


def test_children_of_what_has_none():
    assert REGIONS.children("350102") == ()
    assert REGIONS.children("999999") == ()
    assert [o.code for o in REGIONS.children("441900")] == ["441900"]


@pytest.mark.parametrize("rows", [[{"code": "35", "zh": "福建"}], [{"code": "350100", "zh": "福州市"}]])
def test_a_broken_list_is_refused(rows):
    with pytest.raises(ValueError, match=r"code|missing"):
        Regions.from_rows(rows, {})
