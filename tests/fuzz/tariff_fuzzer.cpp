#include "modules/tariffs/tariff_2_2_1.hpp"
#include "modules/tariffs/tariff_codec.hpp"
#include "tests/fuzz/expect.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace ocpi;
using namespace ocpi::tariffs;
using fuzz::expect;
using protocol::version;

const crud::object_key& address()
{
    static const crud::object_key key("ES", "ABC", "T1");
    return key;
}

result<parsed_tariff> read_strictly(std::string_view text, version spoken)
{
    return read_sent_tariff(text, strictness::strict, address(), spoken);
}

/// What is stored can be told in 2.2.1, and what is told there be taken back.
void try_older_words(const std::string& stored)
{
    const auto told = convert_to(version::v2_2_1, stored);
    const auto returned = read_strictly(told, version::v2_2_1);
    expect(returned.has_value(), "what is told in 2.2.1 is a Tariff of 2.2.1");
    const auto again =
        read_strictly(convert_to(version::v2_2_1, returned->document.text()), version::v2_2_1);
    expect(again.has_value() && json::same(again->document.root(), returned->document.root(),
                                           json::number_equality::spelling),
           "there and back again is the same Tariff");
}

void try_put(std::string_view body, strictness strict, version spoken)
{
    const auto sent = read_sent_tariff(body, strict, address(), spoken);
    if (sent.has_error()) return;
    const auto& text = sent->document.text();
    const auto stored = read_tariff(sent->document);
    expect(stored.has_value(), "what is stored is a sound Tariff");
    expect(stored->last_updated == sent->fields.last_updated, "last_updated is that of the text");
    expect(stored->elements.size() == sent->fields.elements.size(), "no element is lost");
    expect(stored->tax_included == sent->fields.tax_included, "tax_included is that of the text");
    const auto repeated = read_strictly(text, version::v2_3_0);
    expect(repeated.has_value() && repeated->document.text() == text,
           "what is stored may be sent, and is stored as it is");
    try_older_words(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    for (const auto strict : {strictness::strict, strictness::tolerant}) {
        for (const auto spoken : {version::v2_3_0, version::v2_2_1}) {
            try_put(body, strict, spoken);
        }
    }
    return 0;
}
