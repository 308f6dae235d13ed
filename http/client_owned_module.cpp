#include "http/client_owned_module.hpp"

#include <algorithm>

namespace ocpi::http {
namespace {

std::string interface_path(const char* role, std::string_view module, protocol::version of)
{
    std::string path = "/ocpi/";
    path.append(role).append("/").append(to_string(of)).append("/").append(module);
    return path;
}

}  // namespace

bool client_owned_options::is_own(const party& owner) const
{
    return std::find(own_cpo_parties.begin(), own_cpo_parties.end(), owner) !=
           own_cpo_parties.end();
}

std::string sender_path(std::string_view module, protocol::version of)
{
    return interface_path("cpo", module, of);
}

std::string receiver_path(std::string_view module, protocol::version of)
{
    return interface_path("emsp", module, of);
}

answer refuse_write(answer read)
{
    return read.failure ? std::move(read) : method_not_allowed("GET, HEAD");
}

}  // namespace ocpi::http
