#include "modules/versions/versions_module.hpp"

#include "ocpi/json/writer.hpp"

#include <utility>

namespace ocpi::versions {
namespace {

std::string path_of(protocol::version version)
{
    return "/ocpi/" + std::string(to_string(version));
}

std::string write_versions(const std::vector<version_details>& offered,
                           const std::string& public_url)
{
    json::array_writer list;
    for (const auto& each : offered) {
        json::object_writer entry;
        entry.string("version", to_string(each.version))
            .string("url", public_url + path_of(each.version));
        list.raw(entry.finish());
    }
    return list.finish();
}

std::string write_details(const version_details& of, const std::string& public_url)
{
    json::array_writer list;
    for (const auto& offered : of.endpoints) {
        json::object_writer entry;
        entry.string("identifier", offered.identifier)
            .string("role", offered.role)
            .string("url", public_url + offered.path);
        list.raw(entry.finish());
    }
    json::object_writer details;
    details.string("version", to_string(of.version)).raw("endpoints", list.finish());
    return details.finish();
}

boost::asio::awaitable<http::answer> answer_data(std::string data)
{
    http::answer answered;
    answered.data = std::move(data);
    co_return answered;
}

}  // namespace

void add_versions_module(http::router& router, std::vector<version_details> offered,
                         std::function<std::string()> public_url)
{
    using http::interface_kind;
    for (const auto& each : offered) {
        router.add(interface_kind::configuration, "GET", path_of(each.version),
                   [each, public_url](const http::call&) {
                       return answer_data(write_details(each, public_url()));
                   });
    }
    router.add(interface_kind::configuration, "GET", "/ocpi/versions",
               [offered = std::move(offered), public_url](const http::call&) {
                   return answer_data(write_versions(offered, public_url()));
               });
}

}  // namespace ocpi::versions
