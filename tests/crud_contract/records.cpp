#include "tests/crud_contract/cases.hpp"

namespace ocpi::crud::contract {
namespace {

using boost::asio::awaitable;

awaitable<void> a_document_comes_back(Crud& crud)
{
    document given(object_key("ES", "ABC", "S-1"), R"({"kwh":41.00})", at(1'700'000'000'123),
                   party("NL", "MSP"));
    const auto stored = expect_value(co_await crud.create("sessions", receiver, given), "create");
    const auto read = expect_value(co_await crud.get("sessions", receiver, given.key), "get");
    expect(stored != 0, "a revision is never 0");
    expect(read.revision == stored, "get returns the revision that create gave");
    expect(read.document.json == given.json, "get returns the text that was stored");
    expect(read.document.last_updated == given.last_updated,
           "last_updated comes back to the millisecond");
    expect(read.document.emsp && *read.document.emsp == *given.emsp, "the eMSP comes back");

    const document without = make_document("S-2");
    expect_value(co_await crud.create("sessions", receiver, without), "create without an eMSP");
    const auto plain = expect_value(co_await crud.get("sessions", receiver, without.key), "get");
    expect(!plain.document.emsp, "a document that is about no eMSP comes back without one");
}

std::vector<std::string> odd_texts()
{
    std::string large = R"({"filler":")";
    large.append(1024 * 1024, 'x');
    large += "\"}";
    return {
        "",
        "{}",
        " { \"kwh\" : 41.00 ,\r\n\t\"big\":123456789012345678901234567890 } ",
        R"({"quotes":"'\"`;--%_?1","backslash":"\\"})",
        "{\"utf8\":\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x94\x8c \xef\xbb\xbf e\xcc\x81\"}",
        std::string("{\"nul\":\"a\0b\"}", 13),
        "not json, \xff\xfe not UTF-8",
        std::move(large),
    };
}

awaitable<void> texts_come_back_byte_for_byte(Crud& crud)
{
    int number = 0;
    for (const std::string& text : odd_texts()) {
        const document given = make_document("text-" + std::to_string(++number), text);
        const auto first = expect_value(co_await crud.create("sessions", sender, given), "create");
        auto read = expect_value(co_await crud.get("sessions", sender, given.key), "get");
        expect(read.document.json == text,
               "create keeps a text byte for byte: " + given.key.id.str());

        document changed = given;
        changed.json = text + text;
        expect_value(co_await crud.update("sessions", sender, changed, first), "update");
        read = expect_value(co_await crud.get("sessions", sender, given.key), "get");
        expect(read.document.json == changed.json,
               "update keeps a text byte for byte: " + given.key.id.str());
    }
    list_query all;
    const auto listed = expect_value(co_await crud.list("sessions", sender, all), "list");
    const auto texts = odd_texts();
    expect(listed.records.size() == texts.size(), "list returns every text");
    for (std::size_t i = 0; i < texts.size(); ++i) {
        expect(listed.records[i].document.json == texts[i] + texts[i],
               "list returns texts byte for byte");
    }
}

awaitable<void> keys_are_compared_without_regard_to_case(Crud& crud)
{
    document given = make_document("Aa-\xc3\xa9'\"%_");
    given.key = object_key("Es", "aBc", given.key.id.str());
    given.emsp = party("nL", "mSp");
    const auto stored = expect_value(co_await crud.create("sessions", sender, given), "create");
    const object_key other_case("eS", "AbC", "aA-\xc3\xa9'\"%_");
    const auto read = expect_value(co_await crud.get("sessions", sender, other_case), "get");
    expect(read.document.key.country_code.str() == "Es" &&
               read.document.key.party_id.str() == "aBc" &&
               read.document.key.id.str() == given.key.id.str(),
           "a key comes back in the case it was given in");
    expect(read.document.emsp && read.document.emsp->country_code.str() == "nL" &&
               read.document.emsp->party_id.str() == "mSp",
           "an eMSP comes back in the case it was given in");

    document again = given;
    again.key = other_case;
    expect_error(co_await crud.create("sessions", sender, again), errc::already_exists,
                 "creating a key that is taken in another case");
    expect_value(co_await crud.update("sessions", sender, again, stored),
                 "updating under another case");
    const auto updated = expect_value(co_await crud.get("sessions", sender, given.key), "get");
    expect(updated.document.key.id.str() == other_case.id.str(),
           "an update replaces the spelling of the key with the rest");
    expect_value(co_await crud.remove("sessions", sender, given.key), "removing in another case");
    expect_error(co_await crud.get("sessions", sender, other_case), errc::not_found,
                 "reading what was removed");
}

awaitable<void> only_ascii_letters_have_case(Crud& crud)
{
    expect_value(co_await crud.create("sessions", sender, make_document("\xc3\xa9")), "create");
    expect_value(co_await crud.create("sessions", sender, make_document("\xc3\x89")),
                 "creating a key that differs in a letter beyond ASCII");
    expect_value(co_await crud.create("sessions", sender, make_document("[")), "create");
    expect_value(co_await crud.create("sessions", sender, make_document("{")),
                 "creating a key that differs in a character that is no letter");
}

awaitable<void> every_part_of_a_key_counts(Crud& crud)
{
    const object_key keys[] = {{"ES", "ABC", "1"}, {"FR", "ABC", "1"}, {"ES", "ABD", "1"},
                               {"ES", "ABC", "2"}, {"ES", "AB", "C1"}, {"", "", "1"},
                               {"", "", ""}};
    for (const object_key& key : keys) {
        document given = make_document("");
        given.key = key;
        given.json = key.country_code.str() + "/" + key.party_id.str() + "/" + key.id.str();
        expect_value(co_await crud.create("sessions", sender, given), "creating " + given.json);
    }
    for (const object_key& key : keys) {
        const auto read = expect_value(co_await crud.get("sessions", sender, key), "get");
        expect(read.document.json ==
                   key.country_code.str() + "/" + key.party_id.str() + "/" + key.id.str(),
               "records of different keys are different records");
    }
}

awaitable<void> revisions_increase(Crud& crud)
{
    const document a = make_document("a");
    const document b = make_document("b");
    const auto first = expect_value(co_await crud.create("sessions", sender, a), "create");
    const auto second = expect_value(co_await crud.create("tariffs", sender, b), "create");
    expect(second > first, "a revision is greater than any given before, whatever the module");
    const auto third = expect_value(co_await crud.update("sessions", sender, a, first), "update");
    expect(third > second, "an update gives a revision greater than any given before");
    const auto read = expect_value(co_await crud.get("sessions", sender, a.key), "get");
    expect(read.revision == third, "get returns the revision that update gave");
    const auto other = expect_value(co_await crud.get("tariffs", sender, b.key), "get");
    expect(other.revision == second, "a write leaves the revisions of other records alone");

    expect_value(co_await crud.remove("sessions", sender, a.key), "remove");
    const auto fourth = expect_value(co_await crud.create("sessions", sender, a), "create");
    expect(fourth > third, "a record that comes again gets a revision that was never given");
    expect_error(co_await crud.update("sessions", sender, a, third), errc::conflict,
                 "updating a record on the base of one that was removed");
}

awaitable<void> a_stale_write_is_refused(Crud& crud)
{
    document given = make_document("S-1", "first");
    const auto first = expect_value(co_await crud.create("sessions", sender, given), "create");
    given.json = "second";
    const auto second =
        expect_value(co_await crud.update("sessions", sender, given, first), "update");
    given.json = "third";
    given.last_updated = at(1);
    expect_error(co_await crud.update("sessions", sender, given, first), errc::conflict,
                 "updating a record that has moved on");
    expect_error(co_await crud.update("sessions", sender, given, second + 1), errc::conflict,
                 "updating at a revision that was never given");
    const auto read = expect_value(co_await crud.get("sessions", sender, given.key), "get");
    expect(read.document.json == "second" && read.revision == second &&
               read.document.last_updated == at(1'700'000'000'000),
           "a refused update changes nothing");
}

awaitable<void> what_is_missing_is_not_found(Crud& crud)
{
    const document given = make_document("S-1");
    expect_error(co_await crud.get("sessions", sender, given.key), errc::not_found, "get");
    expect_error(co_await crud.update("sessions", sender, given, 1), errc::not_found, "update");
    expect_error(co_await crud.remove("sessions", sender, given.key), errc::not_found, "remove");
    expect_error(co_await crud.get("sessions", sender, given.key), errc::not_found,
                 "get after an update that was refused");
}

awaitable<void> a_taken_key_is_refused(Crud& crud)
{
    const auto first = expect_value(
        co_await crud.create("sessions", sender, make_document("S-1", "first")), "create");
    expect_error(co_await crud.create("sessions", sender, make_document("S-1", "second")),
                 errc::already_exists, "creating what exists");
    const object_key key("ES", "ABC", "S-1");
    const auto read = expect_value(co_await crud.get("sessions", sender, key), "get");
    expect(read.document.json == "first" && read.revision == first,
           "a refused create changes nothing");
}

awaitable<void> a_removed_record_is_gone(Crud& crud)
{
    const document given = make_document("S-1", "first");
    const auto first = expect_value(co_await crud.create("sessions", sender, given), "create");
    expect_value(co_await crud.create("sessions", sender, make_document("S-2")), "create");
    expect_value(co_await crud.update("sessions", sender, given, first), "update");
    expect_value(co_await crud.remove("sessions", sender, given.key),
                 "removing whatever the revision");
    expect_error(co_await crud.remove("sessions", sender, given.key), errc::not_found,
                 "removing twice");
    list_query all;
    const auto left = expect_value(co_await crud.list("sessions", sender, all), "list");
    expect(left.total == 1 && left.records.size() == 1 &&
               left.records[0].document.key.id.str() == "S-2",
           "remove removes that record and no other");
}

awaitable<void> modules_are_separate(Crud& crud)
{
    expect_value(co_await crud.create("sessions", sender, make_document("1", "session")), "create");
    expect_value(co_await crud.create("tariffs", sender, make_document("1", "tariff")),
                 "creating in another module");
    const object_key key("ES", "ABC", "1");
    expect_error(co_await crud.get("Sessions", sender, key), errc::not_found,
                 "reading from a module whose name differs in case");
    const auto read = expect_value(co_await crud.get("tariffs", sender, key), "get");
    expect(read.document.json == "tariff", "each module has its own records");
    expect_value(co_await crud.remove("sessions", sender, key), "remove");
    expect_value(co_await crud.get("tariffs", sender, key), "reading what another module keeps");
    list_query all;
    const auto tariffs = expect_value(co_await crud.list("tariffs", sender, all), "list");
    expect(tariffs.total == 1, "a list holds the records of its module only");
    const auto none = expect_value(co_await crud.list("sessions", sender, all), "list");
    expect(none.total == 0, "a list does not hold what was removed");
}

awaitable<void> sides_share_their_records(Crud& crud)
{
    document given = make_document("1", "first");
    const auto first = expect_value(co_await crud.create("sessions", receiver, given), "create");
    expect_value(co_await crud.get("sessions", sender, given.key), "reading as the other side");
    expect_error(co_await crud.create("sessions", sender, given), errc::already_exists,
                 "creating what the other side has created");
    given.json = "second";
    expect_value(co_await crud.update("sessions", sender, given, first),
                 "updating as the other side");
    list_query all;
    const auto listed = expect_value(co_await crud.list("sessions", receiver, all), "list");
    expect(listed.total == 1 && listed.records[0].document.json == "second",
           "a session written on one side and read on the other is one record");
}

awaitable<void> a_record_is_there_for_its_emsp_alone(Crud& crud)
{
    document given = make_document("1", "for one");
    given.emsp = party("NL", "TNM");
    expect_value(co_await crud.create("sessions", sender, given), "create");
    const document plain = make_document("2", "for none");
    expect_value(co_await crud.create("sessions", sender, plain), "create");

    const std::vector<party> its{party("DE", "MSP"), party("nl", "tnm")};
    const std::vector<party> others{party("DE", "MSP"), party("NL", "TN")};
    const std::vector<party> none;
    const auto read =
        expect_value(co_await crud.get_if_visible_to("sessions", sender, given.key, its), "get");
    expect(read.document.json == "for one", "a record is read by its own eMSP");
    expect_error(co_await crud.get_if_visible_to("sessions", sender, given.key, others),
                 errc::not_found, "reading another eMSP's record");
    expect_error(co_await crud.get_if_visible_to("sessions", sender, given.key, none),
                 errc::not_found, "reading as no eMSP");
    expect_error(co_await crud.get_if_visible_to("sessions", sender, plain.key, its),
                 errc::not_found, "reading a record of no eMSP");
    const object_key missing("ES", "ABC", "3");
    expect_error(co_await crud.get_if_visible_to("sessions", sender, missing, its), errc::not_found,
                 "reading what is not there");
}

/// A session with a record of the same key in two other modules.
awaitable<revision> create_with_belongings(Crud& crud, std::string id)
{
    const auto given = make_document(std::move(id));
    expect_value(co_await crud.create("notes", sender, given), "create");
    expect_value(co_await crud.create("others", sender, given), "create");
    co_return expect_value(co_await crud.create("sessions", sender, given), "create");
}

awaitable<void> expect_presence(Crud& crud, std::string module, std::string id, bool is_there)
{
    const auto found = co_await crud.get(module, sender, object_key("ES", "ABC", id));
    expect(found.has_value() == is_there,
           module + " " + id + (is_there ? " stays" : " is removed"));
}

awaitable<void> what_belongs_goes_too(Crud& crud)
{
    const auto first = co_await create_with_belongings(crud, "1");
    const auto second = co_await create_with_belongings(crud, "2");
    co_await create_with_belongings(crud, "3");
    const auto alone =
        expect_value(co_await crud.create("sessions", sender, make_document("4")), "create");
    expect_value(co_await crud.update("sessions", sender, make_document("2", "[]"), second),
                 "update");
    std::vector<removal> removals;
    removals.emplace_back(object_key("es", "abc", "1"), first);
    removals.emplace_back(object_key("ES", "ABC", "2"), second);
    removals.emplace_back(object_key("ES", "ABC", "4"), alone);
    removals.emplace_back(object_key("ES", "ABC", "5"), alone);
    std::vector<std::string> belonging{"notes"};
    const auto removed =
        expect_value(co_await crud.remove_unchanged("sessions", sender, removals, belonging),
                     "remove_unchanged");
    expect(removed.size() == 2 && removed[0] == object_key("ES", "ABC", "1") &&
               removed[1] == object_key("ES", "ABC", "4"),
           "the keys of the removed records are returned");
    co_await expect_presence(crud, "sessions", "1", false);
    co_await expect_presence(crud, "notes", "1", false);
    co_await expect_presence(crud, "others", "1", true);
    co_await expect_presence(crud, "sessions", "2", true);
    co_await expect_presence(crud, "notes", "2", true);
    co_await expect_presence(crud, "sessions", "3", true);
    co_await expect_presence(crud, "notes", "3", true);
    const auto listed = expect_value(co_await crud.list("sessions", sender, list_query()), "list");
    expect(ids_of(listed) == "2 3 " && listed.total == 2, "the list has those that stay");
}

}  // namespace

std::vector<contract_case> record_cases()
{
    return {
        {"a document comes back as it was stored", a_document_comes_back},
        {"texts come back byte for byte", texts_come_back_byte_for_byte},
        {"keys are compared without regard to case and keep theirs",
         keys_are_compared_without_regard_to_case},
        {"only ASCII letters have case", only_ascii_letters_have_case},
        {"every part of a key counts", every_part_of_a_key_counts},
        {"revisions increase across records and modules", revisions_increase},
        {"a write upon a stale base is refused", a_stale_write_is_refused},
        {"what is missing is not found", what_is_missing_is_not_found},
        {"a key that is taken is refused", a_taken_key_is_refused},
        {"a removed record is gone", a_removed_record_is_gone},
        {"what belongs to a record goes with it, unless the record has changed",
         what_belongs_goes_too},
        {"modules are separate", modules_are_separate},
        {"a record is there for its eMSP alone", a_record_is_there_for_its_emsp_alone},
        {"both sides of the interface share their records", sides_share_their_records},
    };
}

}  // namespace ocpi::crud::contract
