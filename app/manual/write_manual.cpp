#include "app/manual/write_manual.hpp"

#include "app/manual/completion.hpp"
#include "app/manual/man_page.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace ocpi::app::manual {
namespace {

void write_file(const std::filesystem::path& path, const std::string& text)
{
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace

int write_manual(const command_description& program, const std::string& version,
                 const std::string& directory)
{
    const std::filesystem::path root = directory;
    std::error_code failure;
    std::filesystem::create_directories(root, failure);
    if (failure) throw std::runtime_error("cannot make " + directory + ": " + failure.message());
    for (const auto& page : make_man_pages(program, version)) {
        write_file(root / page.file_name, page.text);
    }
    const auto& name = program.path.front();
    write_file(root / (name + ".bash"), make_bash_completion(program));
    write_file(root / ('_' + name), make_zsh_completion(program));
    return 0;
}

}  // namespace ocpi::app::manual
