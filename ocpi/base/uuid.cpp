#include "ocpi/base/uuid.hpp"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <algorithm>

namespace ocpi {

std::string make_uuid()
{
    thread_local boost::uuids::random_generator_mt19937 generator;
    return boost::uuids::to_string(generator());
}

std::string make_url_uuid(std::string_view name)
{
    boost::uuids::name_generator_sha1 generator(boost::uuids::ns::url());
    return boost::uuids::to_string(generator(name.data(), name.size()));
}

bool is_uuid(std::string_view text)
{
    constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    const auto fits = [](char c, char wanted) {
        if (wanted == '-') return c == '-';
        return std::string_view("0123456789abcdefABCDEF").find(c) != std::string_view::npos;
    };
    return std::equal(text.begin(), text.end(), form.begin(), form.end(), fits);
}

}  // namespace ocpi
