def test_x(story):
    print(story["Anna Ferrers"].page.text)
    for n in ("Ada Booth","Anna Ferrers"): print(story[n].at, [(l) for l in story[n].page.links])
