# Sourced: how Debian's packages for ppc64el are taken from the host's own sources, with lists and
# cache of our own: the host's package state never hears of another architecture.

# apt_of STORE COMMAND...: apt-get or apt-cache with the state in STORE.
apt_of() {
    local store=$1 command=$2
    shift 2
    mkdir -p "$store/lists/partial" "$store/cache/archives/partial"
    timeout 300 "$command" -qq -o APT::Architecture=ppc64el -o APT::Architectures=ppc64el \
        -o Dir::State::Lists="$store/lists" -o Dir::Cache="$store/cache" \
        -o APT::Sandbox::User="$(id -un)" "$@"
}

# apt_dependency STORE PACKAGE: the first package that it depends on, after apt_of ... update.
apt_dependency() { apt_of "$1" apt-cache depends "$2" | awk '$1 == "Depends:" { print $2; exit }'; }

# apt_download STORE PACKAGE...: unpacks them into STORE/root. False when that fails, and STORE/root
# is not there then. `meta:PACKAGE` is what that one depends on.
apt_download() {
    local store=$1 package
    shift
    rm -rf "$store/new"
    mkdir -p "$store/new"
    cd "$store/new" || return 1
    # A source without this architecture makes update fail; what counts is the download.
    apt_of "$store" apt-get update || true
    for package; do
        case $package in meta:*) package=$(apt_dependency "$store" "${package#meta:}") ;; esac
        apt_of "$store" apt-get download "$package" || return 1
    done
    for package in *.deb; do
        dpkg-deb -x "$package" . || return 1
        rm "$package"
    done
    mv "$store/new" "$store/root"
}
