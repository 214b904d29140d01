./read.sh
