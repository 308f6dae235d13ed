# A folder of the sources as a constant of the program, so that it need not be found at run time.
#
#   embed_files(TARGET FOLDER HEADER NAME)
#
# HEADER declares `NAME`, a list of ocpi::console::embedded_file: each with its path below FOLDER,
# its bytes, the same gzip'd, and a hash of them. Run as a script, this file writes the definition:
# cmake -D FOLDER=... -D FILES=a|b -D HEADER=... -D NAME=... -D OUTPUT=... -P embed_files.cmake

if(CMAKE_SCRIPT_MODE_FILE)
    function(write_bytes variable file name)
        file(READ ${file} bytes HEX)
        string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
        string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n"
               bytes "${bytes}")
        set(${variable} "constexpr unsigned char ${name}[] = {${bytes}0};\n" PARENT_SCOPE)
    endfunction()

    set(arrays "")
    set(rows "")
    set(number 0)
    string(REPLACE "|" ";" FILES "${FILES}")
    foreach(file IN LISTS FILES)
        set(path ${FOLDER}/${file})
        execute_process(COMMAND gzip --best --no-name --stdout ${path}
                        OUTPUT_FILE ${OUTPUT}.gz COMMAND_ERROR_IS_FATAL ANY)
        write_bytes(plain ${path} plain_${number})
        write_bytes(packed ${OUTPUT}.gz packed_${number})
        file(SHA256 ${path} hash)
        string(SUBSTRING ${hash} 0 16 hash)
        string(APPEND arrays "${plain}${packed}")
        string(APPEND rows "    {\"${file}\", text(plain_${number}), text(packed_${number}), "
                           "\"${hash}\"},\n")
        math(EXPR number "${number} + 1")
    endforeach()
    file(REMOVE ${OUTPUT}.gz)
    file(WRITE ${OUTPUT}
"#include \"${HEADER}\"

#include <cstddef>

namespace {

${arrays}
template <std::size_t size>
std::string_view text(const unsigned char (&bytes)[size])
{
    return {reinterpret_cast<const char*>(bytes), size - 1};
}

}  // namespace

const std::vector<ocpi::console::embedded_file>& ${NAME}()
{
    static const std::vector<ocpi::console::embedded_file> files{
${rows}    };
    return files;
}
")
    return()
endif()

set(embed_files_script ${CMAKE_CURRENT_LIST_FILE})

function(embed_files target folder header name)
    set(input ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
    set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/${folder}.cpp)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${input}
         ${input}/*.html ${input}/*.js ${input}/*.css ${input}/*.svg ${input}/*.LICENSE)
    list(TRANSFORM files PREPEND ${input}/ OUTPUT_VARIABLE paths)
    list(JOIN files "|" file_list)
    add_custom_command(
        OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -D FOLDER=${input} -D "FILES=${file_list}" -D HEADER=${header}
                -D NAME=${name} -D OUTPUT=${output} -P ${embed_files_script}
        DEPENDS ${paths} ${embed_files_script}
        COMMENT "Embedding ${folder}/"
        VERBATIM)
    target_sources(${target} PRIVATE ${output})
    set_source_files_properties(${output} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
